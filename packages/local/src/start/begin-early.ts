import { stopMariadb } from "../target/mariadb/server.ts";
import { stopServer } from "../target/postgres/server.ts";
import { type RunningTarget, startTarget } from "../target/postgres/target.ts";
import { beginMariadb, type Mariadb, mariadbNote } from "./mariadb.ts";
import { type PageFiles, readPageFiles } from "./page-files.ts";
import type { StateFolder } from "./state-folder.ts";
import { buildPage, pageFolder } from "./web-build.ts";

/** What takes longest at a first start, and needs nothing of the rest. */
export type Early = { page: Promise<PageFiles>; target: Promise<RunningTarget>; mariadb: Promise<Mariadb> };

/** Begins the database servers and the building of the page, in processes of their own. */
export function beginEarly(parts: {
  folder: StateFolder;
  onStop: (stop: () => Promise<void> | void) => void;
  signal: AbortSignal;
}): Early {
  const { folder, onStop, signal } = parts;
  const target = startTarget({ folder: folder.postgres, logFile: `${folder.log}/postgres.log` });
  // By their folders, since they may be in the middle of being filled, which is begun anew then.
  onStop(async () => {
    await Promise.all([stopServer(folder.postgres), stopMariadb(folder.mariadb)]);
  });
  const page = buildPage(signal).then(async () => readPageFiles(pageFolder, await mariadbNote()));
  const mariadb = beginMariadb({
    folder: folder.mariadb,
    logFile: `${folder.log}/mariadb.log`,
    // A machine of two cores is busy enough at a first start, and nothing waits for this one.
    beforeFilling: async () => {
      await Promise.allSettled([page, target]);
      signal.throwIfAborted();
    },
  });
  // Awaited later, and reported there; until then a failure must not end the process.
  for (const work of [page, target]) work.catch(() => undefined);
  return { page, target, mariadb };
}

/** What did not start needs no stopping; why it did not is reported where it was awaited. */
export function settled<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch(() => undefined);
}
