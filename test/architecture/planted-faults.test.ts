import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { engineNames } from "../campaign/guarantee.ts";
import { plantedFaults } from "../campaign/planted/faults.ts";

const faults = plantedFaults.flatMap((fault) => engineNames.map((engine) => ({ ...fault, engine })));

test.each(faults)("the campaign can still plant $name on $engine", ({ patches, engine }) => {
  expect(patches[engine].length).toBeGreaterThan(0);
  for (const { file, replace } of patches[engine]) {
    const source = readFileSync(resolve(import.meta.dirname, "../..", file), "utf8");
    expect(source.split(replace).length - 1, `${file} has changed: plant it anew`).toBe(1);
  }
});
