import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPlace } from "@daypass/local/target/place.ts";
import { findPostmaster } from "@daypass/local/target/postgres/postmaster.ts";
import { type RunningTarget, resetTarget, startTarget } from "@daypass/local/target/postgres/target.ts";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startingAgainSuite } from "./starting-again.suite.ts";

let state: string;
let folder: string;
let target: RunningTarget;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "daypass-target-"));
  // As `npm start` leaves the state folder: the server's own user passes through it.
  await chmod(state, 0o711);
  folder = join(state, "postgres");
  target = await start();
}, 120_000);
afterAll(async () => {
  await resetTarget(folder);
  await rm(state, { recursive: true });
});

const start = () => startTarget({ folder, logFile: join(state, "postgres.log"), port: 15433 });

/** Runs SQL as the administrator, or as the superuser whose password only the folder has. */
async function ask(database: string, sql: string, as: "administrator" | "superuser" = "administrator") {
  const secret = target.secrets[0]?.value;
  if (!secret) throw new Error("the target has no credential");
  const superuser = {
    user: "postgres",
    password: (await readFile(join(folder, "superuser-password"), "utf8")).trim(),
  };
  const login = as === "superuser" ? superuser : { user: secret.username, password: secret.password };
  const client = new pg.Client({ host: secret.host, port: secret.port, database, ...login });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("the sample server", () => {
  it("gives each instance a credential in the JSON of a secret that RDS manages", () => {
    expect(target.secrets.map(({ name, value }) => ({ name, ...value }))).toEqual(
      ["shop-production", "shop-staging"].map((instance) => ({
        name: `daypass/admin/${instance}`,
        engine: "postgres",
        host: "127.0.0.1",
        port: target.port,
        username: "daypass_admin",
        password: expect.stringMatching(/^[\w-]{32}$/),
        dbInstanceIdentifier: instance,
      })),
    );
  });

  it("has an administrator who creates roles and is no superuser", async () => {
    const rows = await ask(
      "postgres",
      "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user",
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreaterole: true, rolbypassrls: false }]);
  });

  it.each(["shop", "payroll", "shop_staging"])(
    "lets nobody connect to %s just because it exists",
    async (database) => {
      const [row] = await ask(
        "postgres",
        `SELECT datacl::text AS rights FROM pg_database WHERE datname = '${database}'`,
      );
      expect(row?.["rights"]).not.toMatch(/[{,]=/);
    },
  );

  it("holds a shop of realistic size, and the same in staging", async () => {
    const counts = `SELECT (SELECT count(*)::int FROM customers) AS customers, (SELECT count(*)::int FROM orders) AS orders,
      (SELECT count(*)::int FROM support.tickets) AS tickets`;
    const expected = [{ customers: 24_000, orders: 100_000, tickets: 8_000 }];
    expect(await ask("shop", counts)).toEqual(expected);
    expect(await ask("shop_staging", counts)).toEqual(expected);
  });

  it("draws the same rows on every machine", async () => {
    const digest = (table: string) =>
      `SELECT md5(string_agg(r::text, '|' ORDER BY r.id)) AS md5 FROM (SELECT * FROM ${table} WHERE id <= 500) AS r`;
    const found = await Promise.all([
      ...["customers", "payment_cards", "orders", "payments", "support.messages"].map((table) =>
        ask("shop", digest(table)),
      ),
      ask("payroll", digest("employees")),
    ]);
    expect(found.map(([row]) => row?.["md5"])).toMatchSnapshot();
  });

  it("has card numbers that pass the Luhn check and addresses that reach nobody", async () => {
    const rows = await ask("shop", "SELECT card_number, last_digits FROM payment_cards WHERE id <= 2000");
    for (const row of rows)
      expect(luhnSum(String(row["card_number"])) % 10, String(row["card_number"])).toBe(0);
    const [strange] = await ask(
      "shop",
      `SELECT count(*)::int AS n FROM customers WHERE email !~ '^[a-z0-9._]+@(example\\.(com|net|org)|mail\\.example)$'`,
    );
    expect(strange).toEqual({ n: 0 });
  });

  it("says on every table and database what it is for", async () => {
    const tables = `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'v') AND n.nspname IN ('public', 'support') AND obj_description(c.oid) IS NULL`;
    for (const database of ["shop", "payroll", "shop_staging"])
      expect(await ask(database, tables)).toEqual([]);
    const uncommented =
      "SELECT datname FROM pg_database WHERE datname ~ 'shop|payroll' AND shobj_description(oid, 'pg_database') IS NULL";
    expect(await ask("postgres", uncommented)).toEqual([]);
  });

  it("keeps no password readable by others, and none in its log", async () => {
    const { stdout } = await new Promise<{ stdout: string }>((resolve, reject) =>
      execFile("find", [folder, "-name", "*password*", "-perm", "/077"], (error, found) =>
        error ? reject(error) : resolve({ stdout: found }),
      ),
    );
    expect(stdout).toBe("");
    expect(await readFile(join(state, "postgres.log"), "utf8")).not.toContain(
      target.secrets[0]?.value.password,
    );
  });
});

startingAgainSuite({
  now: () => target,
  start: async () => {
    target = await start();
    expect(target.secrets[0]?.value.port).toBe(target.port);
  },
  stop: () => target.close(),
  script: () => `import { startTarget } from "@daypass/local/target/postgres/target.ts";
    await startTarget(${JSON.stringify({ folder, logFile: join(state, "postgres.log") })});`,
  find: async () => findPostmaster(await dataFolder()),
  pidFile: async (pid) => ({
    path: join(await dataFolder(), "postmaster.pid"),
    text: `${pid}\n${await dataFolder()}\n0\n15433\n\n127.0.0.1\n0 0\nready\n`,
  }),
  write: async () => void (await ask("shop", "UPDATE customers SET note = 'kept' WHERE id = 7", "superuser")),
  async expectKept() {
    expect(await ask("shop", "SELECT note FROM customers WHERE id = 7")).toEqual([{ note: "kept" }]);
    expect(await ask("shop", "SELECT count(*)::int AS n FROM products")).toEqual([{ n: 640 }]);
  },
});

async function dataFolder(): Promise<string> {
  return (await findPlace(folder, "postgres")).dataFolder;
}

function luhnSum(number: string): number {
  return number
    .split("")
    .toReversed()
    .reduce((sum, digit, at) => {
      const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
      return sum + (value > 9 ? value - 9 : value);
    }, 0);
}
