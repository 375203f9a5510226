import { expect, it } from "vitest";
import { createMutex } from "./mutex.ts";

it("runs one at a time in the order given, also behind one that fails", async () => {
  const alone = createMutex();
  const events: string[] = [];
  const task = (name: string, fails = false) =>
    alone(async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      if (fails) throw new Error(name);
      events.push(`${name} ends`);
      return name;
    });
  const outcomes = await Promise.allSettled([task("a"), task("b", true), task("c")]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "c begins", "c ends"]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
