import { cp } from "node:fs/promises";
import { join } from "node:path";
import { canEnter, fallbackFolder, findPlace, type Place } from "../place.ts";

/** `binaries` holds `bin`, `lib` and `share` of PostgreSQL. */
export type PostgresPlace = Place & { binaries: string };

/** Binaries in a folder that the server's user cannot enter are copied to where it can. */
export async function findPostgresPlace(folder: string, binaries: string): Promise<PostgresPlace> {
  const place = await findPlace(folder, "postgres");
  if (!place.runAs || (await canEnter(join(binaries, "bin"), place.runAs))) return { ...place, binaries };

  const copy = join(fallbackFolder(folder), "native");
  await cp(binaries, copy, { recursive: true, verbatimSymlinks: true, force: true });
  return { ...place, binaries: copy };
}
