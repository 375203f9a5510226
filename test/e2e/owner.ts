import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import {
  administratorName,
  administratorPassword,
} from "../../packages/local/src/target/postgres/administrator.ts";
import type { System } from "./system.ts";

/** The sample server's owner, who does by hand what Daypass has no part in. */
export async function ownerOf(system: System, database = "postgres"): Promise<pg.Client> {
  const password = (await readFile(join(system.home, "postgres", "superuser-password"), "utf8")).trim();
  return connect(system, { user: "postgres", password, database });
}

/** Whoever has Daypass's own account on the sample server. */
export async function administratorOf(system: System, database = "postgres"): Promise<pg.Client> {
  const password = await administratorPassword(join(system.home, "postgres"));
  return connect(system, { user: administratorName, password, database });
}

async function connect(
  system: System,
  as: { user: string; password: string; database: string },
): Promise<pg.Client> {
  const port = Number(await readFile(join(system.home, "postgres", "port"), "utf8"));
  const client = new pg.Client({ host: "127.0.0.1", port, ...as });
  // A server that is stopped takes its connections along; whoever asks next is told.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
