import { expect, test } from "vitest";
import { recordedRun } from "./recorded-run.workflow.ts";

const definition = recordedRun("arn:aws:lambda:eu-west-1:123456789012:function:broker", {
  comment: "Looks at an instance",
  step: "look",
  failedStep: "look-failed",
  lost: "look.lost",
});

test("every task has a retry, a catch and a time limit, and gets the id alone", () => {
  const tasks = Object.values(definition.States).filter((state) => state.Type === "Task");
  expect(tasks).toHaveLength(2);
  for (const task of tasks) {
    expect(task.Retry.length).toBeGreaterThan(0);
    expect(task.Catch.map((caught) => caught.ErrorEquals)).toEqual([["States.ALL"]]);
    expect(Object.keys(task.Parameters)).toEqual(["step", "instanceId.$"]);
    expect(task.TimeoutSeconds).toBeGreaterThan(0);
  }
});

test("every state that is named exists", () => {
  const names = Object.keys(definition.States);
  expect(names).toContain(definition.StartAt);
  const named = JSON.stringify(definition).matchAll(/"Next":"(\w+)"/g);
  for (const [, name] of named) expect(names).toContain(name);
});
