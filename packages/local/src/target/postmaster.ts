import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A server process that runs on our data folder, started by this process or by one that was killed. */
export type Postmaster = { pid: number; port: number; status: string };

/**
 * Reads `postmaster.pid` of the data folder. Undefined when no server runs on it: the file may have
 * outlived its process, and the number may belong to a stranger by now, so the command line is looked at.
 */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(ifMissing);
  const [pid, folder, , port, , , , status] = text?.split("\n") ?? [];
  if (pid === undefined || folder === undefined || resolve(folder) !== dataFolder) return undefined;
  const command = await commandLine(Number(pid));
  if (!command?.includes("postgres") || !command.includes(dataFolder)) return undefined;
  return { pid: Number(pid), port: Number(port), status: status?.trim() ?? "" };
}

/**
 * Stops the server: open sessions are ended and the data is put in order. A server that has not gone
 * after `patienceMs` is cut off; it repairs itself at the next start.
 */
export async function stopPostmaster(dataFolder: string, patienceMs = 2_000): Promise<void> {
  const running = await findPostmaster(dataFolder);
  if (!running) return;
  signal(running.pid, "SIGINT");
  if (await isGone(running.pid, dataFolder, patienceMs)) return;
  signal(running.pid, "SIGQUIT");
  if (await isGone(running.pid, dataFolder, 5_000)) return;
  throw new Error(`the PostgreSQL server with process id ${running.pid} does not stop`);
}

async function isGone(pid: number, dataFolder: string, patienceMs: number): Promise<boolean> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(20)) {
    if ((await findPostmaster(dataFolder))?.pid !== pid) return true;
  }
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function commandLine(pid: number): Promise<string | undefined> {
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

function ifMissing(error: NodeJS.ErrnoException): undefined {
  // ESRCH: the process went while its file was being read.
  if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
  throw error;
}
