import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { System } from "./system.ts";

/** The sample server's owner, who does by hand what Daypass has no part in. */
export async function ownerOf(system: System, database = "postgres"): Promise<pg.Client> {
  const [port, password] = await Promise.all(
    ["port", "superuser-password"].map((file) => readFile(join(system.home, "postgres", file), "utf8")),
  );
  const client = new pg.Client({
    host: "127.0.0.1",
    port: Number(port),
    user: "postgres",
    password: password?.trim() ?? "",
    database,
  });
  await client.connect();
  return client;
}
