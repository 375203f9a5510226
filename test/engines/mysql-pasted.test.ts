import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectionStrings } from "@daypass/databases/mysql/connection-strings.ts";
import { pastedSql } from "@daypass/databases/mysql/pasted-sql.ts";
import { account, identifier, literal } from "@daypass/databases/mysql/quote.ts";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mysqlNames } from "./hostile-names.ts";
import { mysqlClientCommand } from "./mysql-programs.ts";
import { flavourUnderTest, type MysqlTestServer, startServerForTests } from "./server-of-flavour.ts";
import { paste } from "./terminal.ts";

/** What we print for the clients of MariaDB and MySQL, pasted into the real one, with names that are really there. */
let server: MysqlTestServer;
let folder: string;
beforeAll(async () => {
  server = await startServerForTests();
  folder = mkdtempSync(join(tmpdir(), "daypass-pasted-"));
  for (const name of ["victim", ...mysqlNames]) await run(`CREATE DATABASE ${identifier(name)}`);
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.remove();
});

async function run(...statements: string[]): Promise<Record<string, unknown>[]> {
  const root = await server.asRoot();
  try {
    let rows: unknown = [];
    for (const text of statements) [rows] = await root.query(text);
    return rows as Record<string, unknown>[];
  } finally {
    await root.end();
  }
}

const { program, flags } =
  flavourUnderTest === "mysql" ? mysqlClientCommand() : { program: "mariadb", flags: ["--no-defaults"] };

function client(text: string, how: "from a file" | "line by line"): Promise<string> {
  const { host, port, superuser } = server;
  return paste(
    {
      command: [
        program,
        ...flags,
        `--host=${host}`,
        `--port=${port}`,
        "--protocol=TCP",
        `--user=${superuser.username}`,
        flavourUnderTest === "mysql" ? "--ssl-mode=DISABLED" : "--skip-ssl",
        "--default-character-set=utf8mb4",
        "--force",
      ],
      environment: { MYSQL_PWD: superuser.password, MYSQL_HISTFILE: "/dev/null" },
      folder,
      prompt: /(?:mysql|\]|\))> /,
      leave: "\\q",
    },
    text,
    how,
  );
}

test.each(["from a file", "line by line"] as const)(
  "a statement with such a name, pasted %s, means exactly that or is a comment",
  async (how) => {
    const statements = mysqlNames.map(
      (name) => `CREATE TABLE ${identifier(name)}.${identifier(name)} (id int);`,
    );
    const said = await client(statements.map(pastedSql).join("\n"), how);
    const written = mysqlNames.filter((_, at) => pastedSql(statements[at] ?? "") === statements[at]);
    expect(written.length).toBeGreaterThan(30);
    const found = await run(
      `SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t FROM information_schema.TABLES WHERE TABLE_SCHEMA IN (${mysqlNames.map(literal).join(", ")})`,
    );
    expect(found.map((row) => String(row["t"])).toSorted(), said).toEqual(written.toSorted());
    for (const row of found) expect(row["s"]).toBe(row["t"]);
    for (const name of written) await run(`DROP TABLE ${identifier(name)}.${identifier(name)}`);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.each(["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"])(
  "an account and its host stay one name each where sql_mode is %j",
  async (mode) => {
    const names = ["it's", 'quote"d', "tick`ed", "a%_b", "a' OR 'b", "x'; DROP DATABASE victim; -- y"];
    const statements = names.flatMap((name) => [
      pastedSql(`CREATE USER ${account(name, "%")};`),
      pastedSql(`DROP USER ${account(name, "%")};`),
    ]);
    const said = await client([`SET sql_mode = '${mode}';`, ...statements].join("\n"), "from a file");
    expect(said).not.toMatch(/error/i);
    expect(await run("SHOW DATABASES LIKE 'victim'")).toHaveLength(1);
  },
);

describe("what people connect with", () => {
  const asked = '--batch --skip-column-names --execute="SELECT HEX(DATABASE())"';
  const expected = mysqlNames.map((name) => Buffer.from(name).toString("hex").toUpperCase());
  const stringsOf = (name: string) =>
    connectionStrings({ host: server.host, port: server.port, tls: "disable" }, name, server.superuser, {
      flavour: flavourUnderTest,
    });

  test("the line for the shell, in the plainest one and in bash", async () => {
    // Debian has no MySQL of its own to put in the path.
    const words = [program, ...flags].map((word) => `'${word}'`).join(" ");
    const script = [
      ...(flavourUnderTest === "mysql" ? [`mysql() { ${words} "$@"; }`] : []),
      ...mysqlNames.map((name) => `${stringsOf(name).client} ${asked}`),
    ].join("\n");
    for (const shell of ["dash", "bash"]) {
      const { stdout } = await promisify(execFile)(shell, ["-c", script], { cwd: folder });
      expect(stdout.trim().split("\n")).toEqual(expected);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("the address in the driver of Node.js", async () => {
    for (const name of mysqlNames) {
      const connection = await createConnection(stringsOf(name).uri.replace(/\?.*$/, ""));
      const [rows] = await connection.query("SELECT DATABASE() AS name");
      expect(rows).toEqual([{ name }]);
      await connection.end();
    }
  });
});
