import { spawn } from "node:child_process";
import { join } from "node:path";
import type { EngineName } from "../guarantee.ts";
import { type PlantedFault, plantedFaults } from "./faults.ts";

export type PlantedOutcome = { name: string; what: string; engine: EngineName; caughtBy: readonly string[] };

/** Runs the cells that have to notice with each mistake made, in a process of its own, and tells which of them did. */
export async function runPlanted(engines: readonly EngineName[]): Promise<PlantedOutcome[]> {
  const outcomes: PlantedOutcome[] = [];
  for (const fault of plantedFaults) {
    for (const engine of engines.filter((one) => fault.patches[one] !== undefined)) {
      const caughtBy = await caught(fault, engine);
      const { name, what } = fault;
      outcomes.push({ name, what, engine, caughtBy });
      console.log(`${caughtBy.length > 0 ? "caught  " : "MISSED  "} ${engine}: ${what}`);
      for (const line of caughtBy) console.log(`           ${line}`);
    }
  }
  return outcomes;
}

async function caught({ name, only }: PlantedFault, engine: EngineName): Promise<string[]> {
  const folder = join(import.meta.dirname, "..");
  const child = spawn(
    process.execPath,
    [
      "--import",
      join(folder, "planted/plant.ts"),
      join(folder, "run.ts"),
      "--engine",
      engine,
      "--only",
      only[engine] ?? "",
      "--histories",
      "0",
    ],
    {
      env: { ...process.env, DAYPASS_PLANTED: name, DAYPASS_PLANTED_ENGINE: engine },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const lines = output.split("\n");
  if (!lines.some((line) => /^\d+ cells within the guarantee/.test(line)))
    throw new Error(`with "${name}" planted, the campaign did not run:\n${output.slice(-2000)}`);
  if (code === 0) return [];
  // A cell that could not be played has shown nothing.
  let cell = "";
  return lines.flatMap((line) => {
    if (/\b(?:OUTSIDE|within)\b/.test(line)) cell = line.split(/ {2,}/)[0] ?? "";
    return /^ +G\d: /.test(line) ? [`${cell}: ${line.trim()}`] : [];
  });
}
