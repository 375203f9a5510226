import { expect, test } from "vitest";
import { isOffered, isWanted } from "./database.ts";

test("without patterns every database is offered; with patterns those that match one", () => {
  expect(isWanted("shop", [])).toBe(true);
  expect(isWanted("shop", ["pay*", "sh*"])).toBe(true);
  expect(isWanted("shop", ["pay*"])).toBe(false);
  expect(isWanted("shop_old", ["shop"])).toBe(false);
});

test("a database that vanished is not offered, whatever the patterns say", () => {
  expect(isOffered({ name: "shop", present: false }, { databasePatterns: ["*"] })).toBe(false);
  expect(isOffered({ name: "shop", present: true }, { databasePatterns: [] })).toBe(true);
});
