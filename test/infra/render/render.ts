import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Job, Planted } from "./job.ts";
import type { Outcome, Rendered } from "./rendered.ts";

const root = resolve(import.meta.dirname, "../../..");

export type Wanted = { stage: string; name?: string; planted?: readonly Planted[]; isQuick?: boolean };

/** Renders stages of the example configuration, all in one process of their own, because Pulumi and SST keep what they
 * know in their modules. */
export async function renderAll(folder: string, wanted: readonly Wanted[]): Promise<Outcome[]> {
  const jobs = wanted.map(
    ({ stage, name = stage, planted = [], isQuick = false }): Job => ({
      stage,
      bundles: join(folder, "bundles"),
      work: join(folder, name),
      output: join(folder, `${name}.json`),
      planted,
      isQuick,
    }),
  );
  const said = await runChild(jobs);
  return Promise.all(
    jobs.map(async ({ output }) => {
      if (!existsSync(output)) return { failed: said || "The rendering ended without a word." };
      return JSON.parse(await readFile(output, "utf8")) as Outcome;
    }),
  );
}

/** @throws Error with what the program said. */
export async function render(folder: string, wanted: Wanted): Promise<Rendered> {
  const [outcome] = await renderAll(folder, [wanted]);
  if (!outcome || "failed" in outcome) throw new Error(outcome?.failed ?? "Nothing was rendered.");
  return outcome;
}

async function runChild(jobs: readonly Job[]): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "child.ts"), JSON.stringify(jobs)], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      DAYPASS_CONFIGURATION: "daypass.config.example.json",
      AWS_EC2_METADATA_DISABLED: "true",
      NODE_NO_WARNINGS: "1",
    },
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((done) => child.on("close", done));
  return said.trim();
}
