import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Place } from "./place.ts";
import { serverEnvironment } from "./server-environment.ts";

type Begin = { program: string; flags: readonly string[]; place: Place; logFile: string };

/** Begins a server that outlives us, and appends what it says to its log; `lines` are those of this attempt. */
export async function beginServer({ program, flags, place, logFile }: Begin): Promise<{
  child: ChildProcess;
  lines: () => Promise<string>;
}> {
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, "a", 0o600);
  const { size } = await log.stat();
  const child = spawn(program, flags, {
    ...place.runAs,
    cwd: place.dataFolder,
    env: serverEnvironment(),
    stdio: ["ignore", log.fd, log.fd],
    // A process group of its own: Ctrl-C in the terminal must not reach it before us.
    detached: true,
  });
  child.unref();
  // A program that cannot be run shows in the missing process id.
  child.on("error", () => undefined);
  await log.close();
  return { child, lines: async () => (await readFile(logFile)).subarray(size).toString("utf8") };
}
