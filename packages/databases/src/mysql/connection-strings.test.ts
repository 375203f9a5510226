import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connectionStrings } from "./connection-strings.ts";

const server = { host: "db.example.com", port: 3306, tls: "verify" } as const;
const login = { username: "dp_01arz3ndektsv4rrffq69g5fav", password: "p'a s$s`w\"o\\r/d?&#%" };

test("the line begins with a space and keeps the password out of the client's arguments", () => {
  const { client, clientWithoutPassword } = connectionStrings(server, "shop", login);
  expect(client).toBe(
    " MYSQL_PWD='p'\\''a s$s`w\"o\\r/d?&#%' mysql --host=db.example.com --port=3306 --protocol=TCP --user=dp_01arz3ndektsv4rrffq69g5fav --ssl-mode=VERIFY_IDENTITY --ssl-ca=server-ca.pem --default-character-set=utf8mb4 --database=shop",
  );
  expect(clientWithoutPassword).toMatch(/ --database=shop --password$/);
});

test("it reaches the client through a real shell as it was meant, whatever the database's name and the password", () => {
  const printable = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !/[\0\n\r]/.test(text));
  fc.assert(
    fc.property(printable, printable, (database, password) => {
      const { client } = connectionStrings(server, database, { ...login, password });
      const script = client.replace(
        " mysql ",
        ' sh -c \'shift $(($# - 1)); printf "%s\\n%s" "$MYSQL_PWD" "$1"\' mysql ',
      );
      expect(execFileSync("sh", ["-c", script]).toString()).toBe(`${password}\n--database=${database}`);
    }),
    { numRuns: 25 },
  );
});

test("the URI and the JDBC address give back what went in", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => name !== "." && name !== ".."),
      fc.string({ unit: "grapheme", minLength: 1 }),
      (database, password) => {
        const strings = connectionStrings(server, database, { ...login, password });
        const uri = new URL(strings.uri);
        expect(decodeURIComponent(uri.password)).toBe(password);
        expect(decodeURIComponent(uri.pathname.slice(1))).toBe(database);
        expect(new URL(strings.jdbc.slice("jdbc:".length)).searchParams.get("password")).toBe(password);
        expect(strings.uri).not.toMatch(/['"\s$`]/);
      },
    ),
  );
});

test("the variants without a password hold none", () => {
  const strings = connectionStrings(server, "shop", { ...login, password: "SECRET" });
  for (const text of [
    strings.clientWithoutPassword,
    strings.uriWithoutPassword,
    strings.jdbcWithoutPassword,
  ]) {
    expect(text).not.toContain("SECRET");
  }
  expect(strings.env["MYSQL_PWD"]).toBe("SECRET");
  expect(strings.envLines.split("\n").every((line) => line.startsWith(" export MYSQL_"))).toBe(true);
});

test("encryption follows the instance, in the words of each client", () => {
  const of = (changes: object, options = {}) =>
    connectionStrings({ ...server, ...changes }, "shop", login, options);
  expect(of({ tls: "disable" }).clientWithoutPassword).toContain("--ssl-mode=DISABLED");
  expect(of({ tls: "require" }).uri).toMatch(/ssl-mode=REQUIRED$/);
  expect(of({}, { flavour: "mariadb" }).client).toContain(
    " mariadb --host=db.example.com --port=3306 --protocol=TCP --user=dp_01arz3ndektsv4rrffq69g5fav --ssl --ssl-verify-server-cert --default",
  );
  expect(of({ ca: "PEM" }, { flavour: "mariadb" }).client).toContain("--ssl-ca=server-ca.pem");
  expect(of({ tls: "require" }, { flavour: "mariadb" }).jdbc).toMatch(/^jdbc:mariadb:.*sslMode=trust&/);
  expect(of({}, { rootCertificate: "/etc/ssl/rds.pem" }).client).toContain("--ssl-ca=/etc/ssl/rds.pem");
});

test("an IPv6 host is bracketed where an address needs it", () => {
  const strings = connectionStrings({ host: "::1", port: 3307, tls: "disable" }, "shop", login);
  expect(strings.uri).toContain("@[::1]:3307/");
  expect(strings.client).toContain("--host=::1 ");
});
