import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The AWS of one machine in a process of its own, so that it can be killed as a power cut would. */
export interface MachineProcess {
  readonly environment: Readonly<Record<string, string>>;
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>;
}

export async function startMachine(folder: string): Promise<MachineProcess> {
  const script = join(import.meta.dirname, "machine.ts");
  const child: ChildProcess = spawn(process.execPath, [script, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error("the machine has no output");
  const [line] = (await Promise.race([
    once(createInterface(stdout), "line"),
    once(child, "exit").then(() => {
      throw new Error("the machine did not start");
    }),
  ])) as [string];
  return {
    environment: JSON.parse(line) as Record<string, string>,
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** What the functions of the machine have noted in its folder, a line a call. */
export function notesIn(folder: string): string[] {
  const path = join(folder, "notes");
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}
