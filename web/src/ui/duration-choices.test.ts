import { expect, test } from "vitest";
import { durationChoices } from "./duration-choices.ts";

test("without a limit all presets are offered", () => {
  expect(durationChoices(null)).toEqual([60, 240, 1_440, 10_080]);
});

test("nothing above the policy's most is offered, and the most itself is", () => {
  expect(durationChoices(240)).toEqual([60, 240]);
  expect(durationChoices(480)).toEqual([60, 240, 480]);
  expect(durationChoices(43_200)).toEqual([60, 240, 1_440, 10_080]);
});

test("a most below an hour gets shorter choices", () => {
  expect(durationChoices(20)).toEqual([5, 15, 20]);
  expect(durationChoices(5)).toEqual([5]);
});
