import { chown, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Place } from "../place.ts";

/**
 * A server's own folder for temporary tables, beside its data: a MariaDB that starts deletes every `#sql…` file that it
 * finds in its temporary folder, so that in a shared one it takes them from the servers that run.
 */
export function temporaryFolder(place: Place): string {
  return join(dirname(place.dataFolder), "tmp");
}

export async function makeTemporaryFolder(place: Place): Promise<void> {
  const folder = temporaryFolder(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (place.runAs) await chown(folder, place.runAs.uid, place.runAs.gid);
}
