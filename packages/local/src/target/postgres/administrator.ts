import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installStatements } from "@daypass/databases/postgres/install.ts";
import { literal } from "@daypass/databases/postgres/quote.ts";
import { scramVerifier } from "@daypass/databases/postgres/scram.ts";
import { sampleDatabases } from "./sample.ts";
import type { Server } from "./server.ts";

/** The account that Daypass works with; as on RDS, it is no superuser. */
export const administratorName = "daypass_admin";

/**
 * Prepares the server for Daypass with the statements that the documentation gives to everyone, run by its
 * superuser, and keeps the administrator's password in the folder.
 */
export async function makeAdministrator(server: Server, folder: string): Promise<void> {
  const password = randomBytes(24).toString("base64url");
  const steps = installStatements({
    administrator: administratorName,
    majorVersion: 17,
    databases: sampleDatabases.map(({ name, owner, schemas }) => ({ name, owner, schemas, level: "ddl" })),
  });
  for (const database of new Set(steps.map((step) => step.database))) {
    const client = await server.connect(database ?? "postgres");
    try {
      for (const step of steps) if (step.database === database) await client.query(step.sql);
    } finally {
      await client.end();
    }
  }

  const superuser = await server.connect("postgres");
  try {
    // The verifier, not the password: the server's log shows statements that fail.
    const verifier = literal(await scramVerifier(password));
    await superuser.query(`ALTER ROLE ${administratorName} PASSWORD ${verifier}`);
  } finally {
    await superuser.end();
  }
  await writeFile(passwordFile(folder), `${password}\n`, { mode: 0o600 });
}

/** The password that the administrator was made with. */
export async function administratorPassword(folder: string): Promise<string> {
  return (await readFile(passwordFile(folder), "utf8")).trim();
}

function passwordFile(folder: string): string {
  return join(folder, "administrator-password");
}
