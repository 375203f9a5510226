import { expect, test } from "vitest";
import { overtakenBy } from "./overtaken.ts";

test("the one who was faster is named", () => {
  expect(overtakenBy({ decidedBy: { id: "usr_1", name: "Lee Lead" }, status: "rejected" })).toEqual({
    by: "Lee Lead",
    status: "rejected",
  });
  expect(overtakenBy({ decidedBy: "Lee Lead", status: "approved" }).by).toBe("Lee Lead");
});

test("a lapse has nobody, and unknown details are not made up", () => {
  expect(overtakenBy({ decidedBy: null, status: "lapsed" })).toEqual({ by: null, status: "lapsed" });
  expect(overtakenBy({ decidedBy: 7 }).by).toBeNull();
});
