import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
type Report = {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
};

/** The tool reads one file and passes when its TypeScript is missing; so the count of modules is part of the test. */
test("imports follow the arrows of docs/architecture.md, in every module of the tree", async () => {
  const command = [
    "node_modules/.bin/depcruise",
    ["packages", "web/src", "--config", ".dependency-cruiser.cjs", "-T", "json"],
  ] as const;
  const { stdout } = await run(...command, { maxBuffer: 64 << 20 }).catch((error: { stdout?: string }) => {
    if (error.stdout) return { stdout: error.stdout };
    throw error;
  });
  const report = JSON.parse(stdout) as Report;
  const read = new Set(report.modules.map((module) => module.source));
  const files = globSync(["packages/*/src/**/*.ts", "web/src/**/*.{ts,tsx}"]).filter(
    (file) => !file.endsWith(".d.ts"),
  );
  expect(files.length).toBeGreaterThan(150);
  expect(files.filter((file) => !read.has(file))).toEqual([]);
  expect(report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
});
