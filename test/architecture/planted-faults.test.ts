import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { engineNames } from "../campaign/guarantee.ts";
import { plantedFaults } from "../campaign/planted/faults.ts";

const faults = plantedFaults.flatMap((fault) =>
  engineNames.flatMap((engine) => {
    const {
      name,
      patches: { [engine]: patches },
    } = fault;
    return patches === undefined ? [] : [{ name, engine, patches }];
  }),
);

test("each fault can be made on an engine at least", () => {
  for (const { name } of plantedFaults) expect(faults.map((fault) => fault.name)).toContain(name);
});

test.each(faults)("the campaign can still plant $name on $engine", ({ patches }) => {
  expect(patches.length).toBeGreaterThan(0);
  for (const { file, replace } of patches) {
    const source = readFileSync(resolve(import.meta.dirname, "../..", file), "utf8");
    expect(source.split(replace).length - 1, `${file} has changed: plant it anew`).toBe(1);
  }
});
