import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectionStrings } from "@daypass/databases/mysql/connection-strings.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mysqlClientCommand } from "./mysql-programs.ts";
import { buildMysqlWorld, lendMysql, type MysqlWorld } from "./mysql-world.ts";
import { selfSigned } from "./self-signed.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/** The line that people paste, with the client that comes with the server. */
let world: MysqlWorld;
let folder: string;
beforeAll(async () => {
  world = await buildMysqlWorld();
  folder = mkdtempSync(join(tmpdir(), "daypass-client-"));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.remove();
});

async function paste(line: string, statement: string): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", [
    "-c",
    `${flavourUnderTest === "mysql" ? asFunction() : ""} ${line} --batch --skip-column-names --execute="${statement}"`,
  ]);
  return stdout.trim();
}

/** Debian has no MySQL of its own to put in the path. */
function asFunction(): string {
  const { program, flags } = mysqlClientCommand();
  const words = [program, ...flags].map((word) => `'${word}'`).join(" ");
  return `mysql() { ${words} "$@"; };`;
}

test.each(["disable", "require"] as const)(
  "logs in with tls: %s, also when the server has forgotten whom it knew",
  async (tls) => {
    if (tls === "require") {
      const { key, certificate } = selfSigned("localhost");
      writeFileSync(join(folder, "key.pem"), key);
      writeFileSync(join(folder, "cert.pem"), certificate);
      await world.server.encrypt(join(folder, "cert.pem"), join(folder, "key.pem"));
    }
    const { plan, password } = await lendMysql(world);
    // MySQL lets those in without ado whose password it saw since its start.
    await world.byHand("FLUSH PRIVILEGES");
    const server = { ...world.target.server, tls };
    const login = { username: plan.name, password };
    const { client } = connectionStrings(server, "shop_a", login, { flavour: flavourUnderTest });
    expect(await paste(client, "SELECT COUNT(*) FROM customers")).toBe("100");
    expect(await paste(client, "SHOW STATUS LIKE 'Ssl_cipher'")).toMatch(
      tls === "require" ? /\S+\s+\S+/ : /^Ssl_cipher$/,
    );
  },
);
