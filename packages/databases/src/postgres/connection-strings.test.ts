import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectionStrings } from "./connection-strings.ts";

const server = { host: "db.example.com", port: 5432, tls: "verify" } as const;
const login = { username: "dp_01arz3ndektsv4rrffq69g5fav", password: "p'a s$s`w\"o\\r/d?&#%" };

describe("the psql line", () => {
  const { psql, psqlWithoutPassword } = connectionStrings(server, "shop", login);

  test("begins with a space and keeps the password out of psql's arguments", () => {
    expect(psql).toBe(` PGPASSWORD='p'\\''a s$s\`w"o\\r/d?&#%' ${psqlWithoutPassword}`);
    expect(psqlWithoutPassword).toBe(
      "psql 'host=db.example.com port=5432 user=dp_01arz3ndektsv4rrffq69g5fav dbname=shop sslmode=verify-full sslrootcert=system'",
    );
  });

  test("reaches psql through a real shell as it was meant, whatever the database's name and the password", () => {
    const printable = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !/[\0\n\r]/.test(text));
    fc.assert(
      fc.property(printable, printable, (database, password) => {
        const strings = connectionStrings(server, database, { ...login, password });
        const script = strings.psql.replace(" psql ", ' sh -c \'printf "%s\\n%s" "$PGPASSWORD" "$1"\' psql ');
        const output = execFileSync("sh", ["-c", script]).toString();
        const [shownPassword = "", conninfo = ""] = output.split("\n");
        expect(shownPassword).toBe(password);
        const shown = / dbname=(?:'((?:\\.|[^'\\])*)'|(\S+)) sslmode=/.exec(conninfo);
        expect((shown?.[1] ?? shown?.[2] ?? "").replace(/\\(.)/g, "$1")).toBe(database);
      }),
      { numRuns: 25 },
    );
  });
});

test("the URI and the JDBC address give back what went in", () => {
  fc.assert(
    fc.property(
      // As names of databases, dots are steps of a path to the parser of this test, though not to libpq.
      fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => name !== "." && name !== ".."),
      fc.string({ unit: "grapheme", minLength: 1 }),
      (database, password) => {
        const strings = connectionStrings(server, database, { ...login, password });
        const uri = new URL(strings.uri);
        expect(decodeURIComponent(uri.password)).toBe(password);
        expect(decodeURIComponent(uri.pathname.slice(1))).toBe(database);
        const jdbc = new URL(strings.jdbc.slice("jdbc:".length));
        expect(jdbc.searchParams.get("password")).toBe(password);
        expect(jdbc.searchParams.get("user")).toBe(login.username);
        expect(strings.uri).not.toMatch(/['"\s$`]/);
      },
    ),
  );
});

test("the variants without a password hold none", () => {
  const strings = connectionStrings(server, "shop", { ...login, password: "SECRET" });
  for (const text of [strings.psqlWithoutPassword, strings.uriWithoutPassword, strings.jdbcWithoutPassword]) {
    expect(text).not.toContain("SECRET");
  }
  expect(strings.env["PGPASSWORD"]).toBe("SECRET");
  expect(strings.envLines.split("\n").every((line) => line.startsWith(" export PG"))).toBe(true);
});

test("encryption follows the instance", () => {
  const of = (changes: object, options = {}) =>
    connectionStrings({ ...server, ...changes }, "shop", login, options).uriWithoutPassword;
  expect(of({ tls: "disable" })).toMatch(/\?sslmode=disable$/);
  expect(of({ tls: "require" })).toMatch(/\?sslmode=require$/);
  expect(of({ ca: "PEM" })).toMatch(/sslmode=verify-full&sslrootcert=server-ca.pem$/);
  expect(of({}, { rootCertificate: "/etc/ssl/rds.pem" })).toMatch(/sslrootcert=%2Fetc%2Fssl%2Frds.pem$/);
  expect(connectionStrings(server, "shop", login).jdbc).not.toContain("sslrootcert");
});

test("an IPv6 host is bracketed where an address needs it", () => {
  const strings = connectionStrings({ host: "::1", port: 5433, tls: "disable" }, "shop", login);
  expect(strings.uri).toContain("@[::1]:5433/");
  expect(strings.psql).toContain("host=::1 port=5433");
});
