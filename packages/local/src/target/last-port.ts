import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "./exists.ts";

/** The port of a server's last start, which it is to have again; undefined at its first. */
export async function lastPort(folder: string): Promise<number | undefined> {
  const file = join(folder, "port");
  return (await exists(file)) ? Number(await readFile(file)) || undefined : undefined;
}
