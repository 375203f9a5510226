import { expect, test } from "vitest";
import { type Dependency, type Fate, fatesOf } from "./fates.ts";

const mine = (from: string, to: string, type = "n"): Dependency => ({ from, to, type, fromMine: true });
const others = (from: string, to: string): Dependency => ({ from, to, type: "n", fromMine: false });

function fates(
  owned: readonly string[],
  dependencies: readonly Dependency[],
  withRows: readonly string[] = [],
): Record<string, Fate | undefined> {
  const found = fatesOf(
    owned.map((key) => ({ key, holdsRows: withRows.includes(key) })),
    dependencies,
  );
  return Object.fromEntries(found);
}

test("what nothing of anyone else depends on is dropped, in whatever order and circle", () => {
  expect(fates(["view", "table"], [mine("view", "table"), mine("table", "view")])).toEqual({
    view: "drop",
    table: "drop",
  });
});

test("a table with rows is kept, with what it is made of, and what uses it is dropped", () => {
  const dependencies = [mine("table", "type"), mine("view", "table"), mine("function", "type")];
  expect(fates(["table", "type", "view", "function"], dependencies, ["table"])).toEqual({
    table: "keep",
    type: "keep",
    view: "drop",
    function: "drop",
  });
});

test("what someone else uses is kept, through parts that the server drops with the whole", () => {
  const dependencies = [
    others("view of app", "view"),
    mine("rule", "view", "i"),
    mine("rule", "function"),
    mine("trigger", "table", "a"),
    mine("trigger", "fires"),
  ];
  expect(fates(["view", "function", "table", "fires"], dependencies)).toEqual({
    view: "keep",
    function: "keep",
    table: "drop",
    fires: "drop",
  });
});

test("a part that cannot be dropped alone goes with its whole, or stays with it", () => {
  const dependencies = [mine("sequence", "table", "i"), mine("member", "extension", "e")];
  expect(fates(["sequence", "table", "member", "extension"], dependencies, ["table"])).toEqual({
    sequence: "keep",
    table: "keep",
    member: "with-parent",
    extension: "drop",
  });
});

test("a partition with rows keeps its parent, and not its empty sisters", () => {
  const dependencies = [mine("full", "parent", "a"), mine("empty", "parent", "a")];
  expect(fates(["parent", "full", "empty"], dependencies, ["full"])).toEqual({
    parent: "keep",
    full: "keep",
    empty: "drop",
  });
});
