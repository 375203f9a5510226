import { describe, expect, inject, test } from "vitest";
import { guarantees } from "./guarantees/all.ts";

describe.each(["production", "dev"] as const)("in %s", (stage) => {
  test.each(guarantees)("$name", ({ problems }) => {
    expect(problems(inject(stage))).toEqual([]);
  });
});
