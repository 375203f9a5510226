import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { render } from "./render/render.ts";
import type { Rendered } from "./render/rendered.ts";

declare module "vitest" {
  interface ProvidedContext {
    folder: string;
    production: Rendered;
    dev: Rendered;
  }
}

/** Renders both kinds of stage once for all tests, and prints what they are made of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-infra-"));
  try {
    // A process each; the second finds the bundles that the first has made.
    const production = await render(folder, { stage: "production" });
    const dev = await render(folder, { stage: "dev" });
    project.provide("folder", folder);
    project.provide("production", production);
    project.provide("dev", dev);
    printTable(production, dev);
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  return () => rm(folder, { recursive: true });
}

function printTable(...stages: Rendered[]): void {
  const types = [...new Set(stages.flatMap(({ resources }) => resources.map(({ type }) => type)))].toSorted();
  const lines = types.map((type) => [
    type.replace(/^aws:([^/]+)\/[^:]+:/, "$1 "),
    ...stages.map(({ resources }) => String(resources.filter((one) => one.type === type).length)),
  ]);
  const all = ["resources", ...stages.map(({ resources }) => String(resources.length))];
  const table = [["resources by type", ...stages.map(({ stage }) => stage)], ...lines, all];
  for (const [name = "", ...counts] of table) {
    console.log(`${name.padEnd(52)}${counts.map((count) => count.padStart(12)).join("")}`);
  }
}
