import { expect, test } from "vitest";
import { boundedRemedy } from "./bounded-remedy.ts";

const limit = { statements: 3, characters: 20 };

test("what fits stays as it is", () => {
  expect(boundedRemedy(["SELECT 1;", "SELECT 2;"], limit)).toEqual(["SELECT 1;", "SELECT 2;"]);
});

test("no statement is cut, and the reader is told what is missing", () => {
  expect(boundedRemedy(['DROP TABLE "long name";', "SELECT 1;"], limit)).toEqual([
    "SELECT 1;",
    "-- 1 more of 2 statements were too long to be kept here.",
  ]);
  expect(boundedRemedy(["a;", "b;", "c;", "d;", "e;"], limit)).toEqual([
    "a;",
    "b;",
    "c;",
    "-- 2 more of 5 statements were too long to be kept here.",
  ]);
});
