import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commandLine, ifMissing, isGone, signal } from "../server-process.ts";

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
  const find = () => findPostmaster(dataFolder);
  signal(running.pid, "SIGINT");
  if (await isGone(running.pid, find, patienceMs)) return;
  signal(running.pid, "SIGQUIT");
  if (await isGone(running.pid, find, 5_000)) return;
  throw new Error(`the PostgreSQL server with process id ${running.pid} does not stop`);
}
