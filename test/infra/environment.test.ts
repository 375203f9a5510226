import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { functionsIn } from "./render/policies.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");

/** What Lambda provides: its own variables, and a global for answers that stream. */
const ofLambda = {
  AWS_REGION: "eu-west-1",
  AWS_LAMBDA_FUNCTION_NAME: "function",
  PATH: process.env["PATH"] ?? "",
};
const start = `
  globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: { from: (stream) => stream } };
  const told = await import(process.argv[1]).then(({ handler }) => typeof handler, (error) => error.message);
  console.log(told);
  process.exit();`;

describe.each(["production", "dev"] as const)("in %s", (stage) => {
  const rendered = inject(stage);
  const bundles = new Map(rendered.bundles.map((bundle) => [bundle.functionId, bundle.file]));

  test.each(functionsIn(rendered).map(({ part, id, variables }) => ({ part, id, variables })))(
    "$part starts with the environment that it is given, and with nothing else",
    async ({ id, variables }) => {
      const { NODE_EXTRA_CA_CERTS: _fileOfLambda, ...own } = variables;
      const file = bundles.get(id) ?? "";
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", start, file], {
        cwd: join(root, "test"),
        env: { ...own, ...ofLambda },
      });
      expect(stdout.trim()).toBe("function");
    },
  );
});

test("nothing is linked, and the types of links say so", () => {
  for (const { part, variables } of functionsIn(inject("production"))) {
    expect([part, Object.keys(variables).filter((name) => name.startsWith("SST_"))]).toEqual([part, []]);
  }
  const declared = readFileSync(join(root, "sst-env.d.ts"), "utf8");
  expect(declared).toMatch(/export interface Resource \{\s*\}/);
});

test("a function that lacks a variable does not start, and says which", async () => {
  const rendered = inject("production");
  const sweep = functionsIn(rendered).find(({ part }) => part === "sweep");
  const file = rendered.bundles.find(({ functionId }) => functionId === sweep?.id)?.file ?? "";
  const { DAYPASS_TABLE: _left, ...rest } = sweep?.variables ?? {};
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", start, file], {
    env: { ...rest, ...ofLambda },
  });
  expect(stdout).toMatch(/DAYPASS_TABLE is missing/);
});
