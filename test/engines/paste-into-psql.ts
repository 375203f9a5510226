import type { PostgresServer } from "./postgres-server.ts";
import { paste, type WayToPaste } from "./terminal.ts";

/** Pastes the text into a psql of the superuser in the database `postgres`, begun in this folder. */
export function pasteIntoPsql(
  { host, port, superuser }: PostgresServer,
  folder: string,
  text: string,
  how: WayToPaste,
): Promise<string> {
  return paste(
    {
      command: ["psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only"],
      environment: {
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: superuser.username,
        PGPASSWORD: superuser.password,
        PGDATABASE: "postgres",
        PSQL_HISTORY: "/dev/null",
      },
      folder,
      prompt: /postgres=# /,
      leave: "\\q",
    },
    text,
    how,
  );
}
