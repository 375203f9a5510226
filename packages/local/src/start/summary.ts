import { relative } from "node:path";
import { people } from "../oidc/people.ts";
import type { Running } from "./boot.ts";
import { type Mariadb, mariadbLine } from "./mariadb.ts";
import type { StateFolder } from "./state-folder.ts";

/** What a newcomer needs to know, in a few lines. */
export function summary(running: Running, folder: StateFolder, mariadb: Mariadb | undefined): string {
  const width = Math.max(...people.map(({ name }) => name.length));
  const { target, laps } = running;
  const home = relative(process.cwd(), folder.root) || ".";
  const { all, ...others } = laps;
  const parts = Object.entries(others).map(([name, ms]) => `${name} ${seconds(ms)}`);
  return `
  Daypass is ready at  ${running.origin}

  Sign in as  ${people.map(({ name, part }) => `${name.padEnd(width)}  ${part}`).join("\n              ")}

  Mailbox     ${running.mailbox}
  PostgreSQL  ${target.host}:${target.port}${target.adopted ? " (was still running)" : ""}
  MariaDB     ${mariadbLine(mariadb)}
  State       ${home}, logs in ${home}/log
  Begin anew  npm start -- --reset
  Stop        Ctrl-C

  Started in ${seconds(all)} (${parts.join(", ")})
`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
