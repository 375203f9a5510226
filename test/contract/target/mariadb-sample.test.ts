import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginMariadb, type Mariadb } from "@daypass/local/start/mariadb.ts";
import { type MariadbServer, startMariadb } from "@daypass/local/target/mariadb/server.ts";
import { resetMariadb } from "@daypass/local/target/mariadb/target.ts";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let state: string;
let folder: string;
let mariadb: Mariadb;
let waits = 0;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "daypass-mariadb-"));
  await chmod(state, 0o711);
  folder = join(state, "mariadb");
  mariadb = await begin();
}, 120_000);
afterAll(async () => {
  await resetMariadb(folder);
  await rm(state, { recursive: true });
});

const begin = () =>
  beginMariadb({
    folder,
    logFile: join(state, "mariadb.log"),
    beforeFilling: async () => {
      waits += 1;
    },
  });

const running = () => {
  if (mariadb.is !== "running") throw new Error(`MariaDB is ${JSON.stringify(mariadb)}`);
  return mariadb.server;
};

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const { host, port, username, password } = running().secret.value;
  const connection = await createConnection({ host, port, user: username, password, database: "helpdesk" });
  try {
    return (await connection.query<RowDataPacket[]>(sql))[0];
  } finally {
    await connection.end();
  }
}

describe("the MariaDB of the sample company", () => {
  it("gives its instance a credential in the JSON of a secret that RDS manages", () => {
    expect(running().secret).toEqual({
      name: "daypass/admin/support-production",
      value: {
        engine: "mariadb",
        host: "127.0.0.1",
        port: running().port,
        username: "daypass_admin",
        password: expect.stringMatching(/^[\w-]{32}$/),
        dbInstanceIdentifier: "support-production",
      },
    });
  });

  it("holds a help desk of realistic size, the same on every machine", async () => {
    const digests = await Promise.all(
      ["contacts", "conversations", "messages"].map(async (table) => {
        const columns = {
          contacts: "email, phone",
          conversations: "subject, state, agent_id",
          messages: "body",
        }[table];
        const [row] = await ask(
          `SELECT COUNT(*) AS n, BIT_XOR(CRC32(CONCAT_WS('|', id, ${columns}))) AS digest FROM ${table}`,
        );
        return { table, n: row?.["n"], digest: row?.["digest"] };
      }),
    );
    expect(digests).toMatchSnapshot();
  });

  it("has addresses that reach nobody", async () => {
    const strange = "SELECT email FROM contacts WHERE email NOT REGEXP '@example[.](com|net|org)$'";
    expect(await ask(strange)).toEqual([]);
  });

  it("says on every table what it is for", async () => {
    const uncommented =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'helpdesk' AND table_comment = ''";
    expect(await ask(uncommented)).toEqual([]);
  });

  it("lets the rest of a first start go before it, and later waits for nothing", async () => {
    expect(waits).toBe(1);
    mariadb = await begin();
    expect(waits).toBe(1);
    expect(running().adopted).toBe(true);
  });

  it("is begun anew when its filling was killed", async () => {
    const half = join(state, "half");
    const server: MariadbServer = await startMariadb({
      folder: half,
      logFile: join(state, "half.log"),
      port: 0,
    });
    const root = await server.connect();
    await root.query("CREATE DATABASE helpdesk");
    await root.end();
    const begun = await beginMariadb({
      folder: half,
      logFile: join(state, "half.log"),
      beforeFilling: () => Promise.resolve(),
    });
    expect(begun).toMatchObject({ is: "running", server: { adopted: false } });
    await resetMariadb(half);
  }, 60_000);
});
