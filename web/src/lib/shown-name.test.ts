import { expect, test } from "vitest";
import { shownName, shownObject } from "./shown-name.ts";

test.each(["orders", "größe_表", "cafe\u0301", "a-b$1"])("%s is shown as it is", (name) => {
  expect(shownName(name)).toBe(name);
});

test.each([
  ["a b", '"a b"'],
  ['a"b', '"a""b"'],
  ["a\nb", '"a\\u{a}b"'],
  ["a\u202eb", '"a\\u{202e}b"'],
  ["", '""'],
])("%j is shown as %s", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

test("no two objects look alike", () => {
  const objects = [
    { schema: "a.b", table: "c" },
    { schema: "a", table: "b.c" },
    { schema: "a" },
    { schema: "a", table: "*" },
  ];
  expect(objects.map(shownObject)).toEqual(['"a.b".c', 'a."b.c"', "a.*", 'a."*"']);
});
