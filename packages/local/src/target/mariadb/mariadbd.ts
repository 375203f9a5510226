import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine, ifMissing, isGone, signal } from "../server-process.ts";

/** A server process that runs on our data folder, started by this process or by one that was killed. */
export type Mariadbd = { pid: number; port: number };

/** The file in which the server writes its process id once it listens. */
export const pidFile = "mariadbd.pid";

/**
 * Undefined when no server runs on the data folder: the file may have outlived its process, and the number may belong
 * to a stranger by now, so the command line is looked at.
 */
export async function findMariadbd(dataFolder: string): Promise<Mariadbd | undefined> {
  const text = await readFile(join(dataFolder, pidFile), "utf8").catch(ifMissing);
  const pid = Number(text?.trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const command = await commandLine(pid);
  if (!command?.includes(`--datadir=${dataFolder} `)) return undefined;
  const [, port] = /--port=(\d+) /.exec(command) ?? [];
  return port === undefined ? undefined : { pid, port: Number(port) };
}

/** Stops the server in order; one that has not gone after `patienceMs` is cut off, and repairs itself at the next start. */
export async function stopMariadbd(dataFolder: string, patienceMs = 10_000): Promise<void> {
  const running = await findMariadbd(dataFolder);
  if (!running) return;
  const find = () => findMariadbd(dataFolder);
  signal(running.pid, "SIGTERM");
  if (await isGone(running.pid, find, patienceMs)) return;
  signal(running.pid, "SIGKILL");
  if (await isGone(running.pid, find, 5_000)) return;
  throw new Error(`the MariaDB server with process id ${running.pid} does not stop`);
}
