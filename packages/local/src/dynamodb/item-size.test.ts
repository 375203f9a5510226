import { expect, it } from "vitest";
import { itemBytes } from "./item-size.ts";

it.each([
  ["text in UTF-8 bytes", { a: { S: "\u6f22\u5b57" } }, 1 + 6],
  ["numbers by their digits", { n: { N: "-12.345" } }, 1 + 4],
  ["binary as decoded", { b: { B: "AAEC" } }, 1 + 3],
  ["null and boolean as one byte", { x: { NULL: true }, y: { BOOL: false } }, 2 + 2],
  ["sets as their members", { s: { SS: ["ab", "c"] }, n: { NS: ["1", "22"] } }, 2 + 3 + 4],
  [
    "lists and maps with their overhead",
    { l: { L: [{ S: "a" }] }, m: { M: { k: { S: "v" } } } },
    2 + 3 + 2 + 3 + 3,
  ],
])("counts %s", (_what, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});
