import { findMariadb, howToGetMariadb, mariadbPackage } from "../target/mariadb/programs.ts";
import {
  isFilled,
  mariadbInstance,
  type RunningMariadb,
  startMariadbTarget,
} from "../target/mariadb/target.ts";

/** npm brings no MariaDB along: the sample has one where the machine has one. */
export type Mariadb =
  | { is: "running"; server: RunningMariadb }
  | { is: "missing" }
  | { is: "failed"; message: string };

/** Never rejects: without its MariaDB, all the rest works as well. */
export async function beginMariadb(options: {
  folder: string;
  logFile: string;
  beforeFilling: () => Promise<void>;
}): Promise<Mariadb> {
  try {
    if ((await findMariadb()) === undefined) return { is: "missing" };
    if (!(await isFilled(options.folder))) await options.beforeFilling();
    return { is: "running", server: await startMariadbTarget(options) };
  } catch (error) {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { is: "failed", message };
  }
}

/** For the terminal, in the place of an address. */
export function mariadbLine(mariadb: Mariadb | undefined): string {
  if (mariadb === undefined) return "is being filled; it joins the databases by itself in a moment";
  switch (mariadb.is) {
    case "running":
      return `${mariadb.server.host}:${mariadb.server.port}${mariadb.server.adopted ? " (was still running)" : ""}`;
    case "missing":
      return `none on this machine; ${howToGetMariadb}, and start again`;
    case "failed":
      return mariadb.message;
  }
}

/** For the page; undefined when there is nothing to say. */
export async function mariadbNote(): Promise<string | undefined> {
  if (await findMariadb()) return undefined;
  return `This machine has no MariaDB server, so the sample shows PostgreSQL alone. Install Debian's package ${mariadbPackage} (${howToGetMariadb}) and start again: the instance ${mariadbInstance.name} then joins by itself.`;
}
