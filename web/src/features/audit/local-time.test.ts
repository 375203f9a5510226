import { describe, expect, it } from "vitest";
import { instantOfLocal, localOfInstant } from "./local-time.ts";

describe("times of a field", () => {
  it("come back as they went in, to the minute", () => {
    for (const instant of ["2026-03-13T05:05:00.000Z", "2026-07-31T23:59:00.000Z"]) {
      expect(instantOfLocal(localOfInstant(instant))).toBe(instant);
    }
  });

  it("are nothing when the field is empty", () => {
    expect(instantOfLocal("")).toBeUndefined();
  });
});
