import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** The command line of a process; undefined when there is none with this number. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(ifMissing);
    return text?.replaceAll("\0", " ");
  }
  // Ends with an error when there is no such process.
  return promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

/** Sends a signal; that the process is gone already is as good. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Whether what `find` finds is within `patienceMs` no longer this process. */
export async function isGone(
  pid: number,
  find: () => Promise<{ pid: number } | undefined>,
  patienceMs: number,
): Promise<boolean> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(20)) {
    if ((await find())?.pid !== pid) return true;
  }
  return false;
}

export function ifMissing(error: NodeJS.ErrnoException): undefined {
  // ESRCH: the process went while its file was being read.
  if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
  throw error;
}
