import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  administratorName,
  administratorPassword,
  makeAdministrator,
} from "@daypass/local/target/mariadb/administrator.ts";
import { findMariadbd, pidFile } from "@daypass/local/target/mariadb/mariadbd.ts";
import { findMariadb, requireMariadb } from "@daypass/local/target/mariadb/programs.ts";
import { type MariadbServer, startMariadb, stopMariadb } from "@daypass/local/target/mariadb/server.ts";
import { findPlace, removePlace } from "@daypass/local/target/place.ts";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startingAgainSuite } from "./starting-again.suite.ts";

let state: string;
let folder: string;
let server: MariadbServer;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "daypass-mariadb-"));
  // As `npm start` leaves the state folder: the server's own user passes through it.
  await chmod(state, 0o711);
  folder = join(state, "mariadb");
  server = await start();
  await makeAdministrator(server, folder);
}, 120_000);
afterAll(async () => {
  await stopMariadb(folder);
  await removePlace(folder);
  await rm(state, { recursive: true });
});

const start = () => startMariadb({ folder, logFile: join(state, "mariadb.log"), port: 13306 });
const dataFolder = async () => (await findPlace(folder, "mysql")).dataFolder;

async function ask(sql: string, as: "administrator" | "root" = "administrator"): Promise<unknown> {
  const login = {
    host: "127.0.0.1",
    port: server.port,
    user: administratorName,
    password: await administratorPassword(folder),
  };
  const connection = as === "root" ? await server.connect() : await createConnection(login);
  try {
    return (await connection.query(sql))[0];
  } finally {
    await connection.end();
  }
}

describe("the server", () => {
  it("has an administrator as on RDS: makes accounts and ends sessions, reads no file and is not SUPER", async () => {
    const grants = JSON.stringify(await ask("SHOW GRANTS"));
    expect(grants).toMatch(/CREATE USER.*CONNECTION ADMIN.*WITH GRANT OPTION/);
    expect(grants).not.toMatch(/ALL PRIVILEGES|SUPER|FILE|READ_ONLY ADMIN/);
    await expect(ask("SELECT 1 INTO OUTFILE '/tmp/x'")).rejects.toThrow(/Access denied/);
    await expect(ask("SET GLOBAL event_scheduler = OFF")).rejects.toThrow(/Access denied/);
  });

  it("runs events by itself, which end accounts while we are away", async () => {
    expect(await ask("SELECT @@event_scheduler AS events")).toEqual([{ events: "ON" }]);
  });

  it("knows nobody but root of this machine, with a password, and the administrator", async () => {
    const accounts = await ask(
      `SELECT user, host, JSON_VALUE(Priv, '$.account_locked') AS locked, JSON_VALUE(Priv, '$.authentication_string') <> '' AS guarded
       FROM mysql.global_priv ORDER BY user`,
      "root",
    );
    expect(accounts).toEqual([
      { user: "daypass_admin", host: "%", locked: null, guarded: 1 },
      { user: "mariadb.sys", host: "localhost", locked: "1", guarded: 0 },
      { user: "root", host: "127.0.0.1", locked: null, guarded: 1 },
    ]);
    const login = { host: "127.0.0.1", port: server.port, user: "root" };
    await expect(createConnection(login)).rejects.toThrow(/Access denied/);
    await expect(createConnection({ ...login, user: "" })).rejects.toThrow(/Access denied/);
  });

  it("listens on loopback alone, and has its socket in its folder", async () => {
    expect(await ask("SELECT @@bind_address AS address, @@socket AS socket")).toEqual([
      { address: "127.0.0.1", socket: "mariadbd.sock" },
    ]);
    expect(await readdir(await dataFolder())).toContain("mariadbd.sock");
  });

  it("does not run as root", async () => {
    const running = await findMariadbd(await dataFolder());
    const status = await readFile(`/proc/${running?.pid}/status`, "utf8");
    expect(status).not.toMatch(/^Uid:\s+0\s/m);
  });

  it("keeps no password readable by others, and none in its log", async () => {
    for (const name of ["superuser-password", "administrator-password"]) {
      expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
      const password = (await readFile(join(folder, name), "utf8")).trim();
      expect(password).toMatch(/^[\w-]{32}$/);
      expect(await readFile(join(state, "mariadb.log"), "utf8")).not.toContain(password);
    }
    expect(await readdir(folder)).not.toContain("initial-accounts.sql");
  });
});

startingAgainSuite({
  now: () => server,
  start: async () => {
    server = await start();
  },
  stop: () => server.stop(),
  script: () => `import { startMariadb } from "@daypass/local/target/mariadb/server.ts";
    await startMariadb(${JSON.stringify({ folder, logFile: join(state, "mariadb.log"), port: 13306 })});`,
  find: async () => findMariadbd(await dataFolder()),
  pidFile: async (pid) => ({ path: join(await dataFolder(), pidFile), text: `${pid}\n` }),
  write: async () => void (await ask("CREATE DATABASE kept")),
  expectKept: async () => expect(await ask("SHOW DATABASES LIKE 'kept'")).toHaveLength(1),
});

it("starts without deleting the temporary tables of a server that runs", async () => {
  const root = await server.connect("mysql");
  await root.query("CREATE TEMPORARY TABLE kept_for_now (id INT) ENGINE=Aria");
  const [[where]] = (await root.query("SELECT @@tmpdir AS folder")) as unknown as [[{ folder: string }]];
  const files = await readdir(where.folder);
  expect(files.filter((name) => name.startsWith("#sql"))).not.toEqual([]);

  const besides = join(state, "besides");
  const second = await startMariadb({ folder: besides, logFile: join(state, "besides.log"), port: 13306 });
  await second.stop();
  await removePlace(besides);

  expect(await readdir(where.folder)).toEqual(files);
  await root.end();
}, 60_000);

/** A folder that goes with the test. */
async function temporary(prefix: string): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

it("begins again with an installation that was killed half-way", async () => {
  const half = join(state, "half");
  const killed = join(await temporary("daypass-half-"), "log");
  const { dataFolder: data } = await findPlace(half, "mysql");
  await writeFile(join(data, "ibdata1"), "half");
  const second = await startMariadb({ folder: half, logFile: killed, port: 13306 });
  expect(second.port).not.toBe(server.port);
  await second.stop();
  await removePlace(half);
}, 60_000);

describe("a machine without MariaDB", () => {
  it("is told which command installs one", async () => {
    const nothing = await temporary("daypass-nothing-");
    expect(await findMariadb([nothing])).toBeUndefined();
    await expect(requireMariadb([nothing])).rejects.toThrow("apt-get install mariadb-server");
  });

  it("does not take MySQL's server of the same name for one", async () => {
    const mysql = await temporary("daypass-mysql-");
    for (const [name, says] of [
      ["mysqld", "mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)"],
      ["mysql_install_db", ""],
    ]) {
      await writeFile(join(mysql, name ?? ""), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
    }
    expect(await findMariadb([mysql])).toBeUndefined();
  });
});
