import { expect, test } from "vitest";
import { idAtStage, type Secret, withVersion } from "./secret.ts";

const add = (versions: Secret["versions"], id: string, createdMs: number, stages = ["AWSCURRENT"]) =>
  withVersion(versions, id, { createdMs, text: id }, stages);

test("a stage is on one version at a time, and the current one leaves AWSPREVIOUS behind", () => {
  const three = add(add(add({}, "a", 1), "b", 2), "c", 3);
  expect(three.a?.stages).toEqual([]);
  expect(idAtStage(three, "AWSPREVIOUS")).toBe("b");
  expect(idAtStage(three, "AWSCURRENT")).toBe("c");
});

test("a pending version moves nothing else", () => {
  const two = add(add({}, "a", 1), "b", 2, ["AWSPENDING"]);
  expect(idAtStage(two, "AWSCURRENT")).toBe("a");
  expect(idAtStage(two, "AWSPREVIOUS")).toBeUndefined();
});

test("beyond a hundred versions the oldest without a stage go", () => {
  let versions: Secret["versions"] = add({}, "kept", 0, ["mine"]);
  for (let i = 1; i <= 150; i += 1) versions = add(versions, `v${i}`, i);
  expect(Object.keys(versions)).toHaveLength(100);
  expect(versions.kept).toBeDefined();
  expect(versions.v1).toBeUndefined();
  expect(versions.v150).toBeDefined();
});
