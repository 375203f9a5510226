import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { problemsIn } from "./guarantees/all.ts";
import { mistakes } from "./planted.ts";
import { renderAll } from "./render/render.ts";
import type { Outcome } from "./render/rendered.ts";

/** What is said about each, and about a rendering of the same process without a mistake. */
const said = new Map<string, string[]>();
const withoutMistake = "without a mistake";

/** Two processes, as many as a small machine has processors. */
beforeAll(async () => {
  const folder = inject("folder");
  const wanted = [...mistakes, { what: withoutMistake, planted: [] }].map((mistake, index) => ({
    ...mistake,
    stage: "stage" in mistake && mistake.stage ? mistake.stage : "production",
    name: `mistake-${index}`,
    isQuick: true,
  }));
  const halves = [0, 1].map((half) => wanted.filter((_mistake, index) => index % 2 === half));
  await Promise.all(
    halves.map(async (half) => {
      const outcomes = await renderAll(folder, half);
      for (const [index, { what }] of half.entries()) said.set(what, told(outcomes[index]));
    }),
  );
}, 600_000);
afterAll(() => said.clear());

function told(outcome: Outcome | undefined): string[] {
  if (!outcome) return [];
  return "failed" in outcome ? [outcome.failed] : problemsIn(outcome);
}

describe("a planted mistake is found, and named:", () => {
  test.each(mistakes)("$what", ({ what, said: expected }) => {
    expect(said.get(what)?.join("\n")).toMatch(expected);
  });

  test("without one there is nothing to be said", () => {
    expect(said.get(withoutMistake)).toEqual([]);
  });
});
