import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Stops the sample server of a state folder as its owner would: at once, and only if it runs. */
export async function stopTarget(home: string): Promise<void> {
  const pid = await pidOf(home);
  if (pid === undefined) return;
  signal(pid, "SIGINT");
  for (let tries = 0; tries < 100 && isRunning(pid); tries += 1) await sleep(100);
  if (isRunning(pid)) throw new Error(`the sample server (pid ${pid}) does not stop`);
}

async function pidOf(home: string): Promise<number | undefined> {
  const text = await readFile(join(home, "postgres", "data", "postmaster.pid"), "utf8").catch((error: { code?: string }) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const pid = Number(text?.split("\n")[0]);
  return Number.isInteger(pid) && pid > 1 && isRunning(pid) ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "ESRCH") return false;
    throw error;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as { code?: string }).code !== "ESRCH") throw error;
  }
}
