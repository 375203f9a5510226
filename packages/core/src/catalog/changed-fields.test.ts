import { expect, test } from "vitest";
import { changedFields } from "./changed-fields.ts";

test("only what changed is told, before and after", () => {
  expect(changedFields({ a: 1, b: [1], c: "x" }, { a: 1, b: [2], d: true })).toEqual({
    changed: ["b", "c", "d"],
    before: '{"b":[1],"c":"x","d":null}',
    after: '{"b":[2],"c":null,"d":true}',
  });
});

test("nothing changed is nothing", () => {
  expect(changedFields({ a: { b: 1 } }, { a: { b: 1 } })).toEqual({ changed: [], before: "{}", after: "{}" });
});
