import { describe, expect, test } from "vitest";
import {
  accountsQuery,
  createAccount,
  dialectOf,
  killings,
  killRight,
  killSession,
  markOf,
  refreshAccount,
} from "./dialect.ts";
import { installStatements } from "./install.ts";
import { reaperStatement } from "./reaper.ts";
import { grantStatements, objectOf, rightsOf } from "./rights.ts";

const mariadb = dialectOf("10.11.19-MariaDB-0+deb12u1", false);
const mysql8 = dialectOf("8.0.40", false);
const terms = {
  stack: "main",
  name: "dp_01arz3ndektsv4rrffq69g5fav",
  host: "%",
  encrypted: true,
  connectionLimit: 10,
  statementTimeoutMs: 1_800_000,
};

test("the server is known by its version, and one that was never tried is refused", () => {
  expect(mariadb).toMatchObject({ flavour: "mariadb", major: 10, minor: 11, hasPublic: true });
  expect(dialectOf("5.5.5-10.6.16-MariaDB-log", true)).toMatchObject({
    flavour: "mariadb",
    hasPublic: false,
    plainDatabaseNames: false,
  });
  expect(dialectOf("8.4.3", true)).toMatchObject({
    flavour: "mysql",
    major: 8,
    minor: 4,
    plainDatabaseNames: true,
  });
  expect(dialectOf("8.0.39", false).flavour).toBe("mysql");
  for (const version of ["5.7.44-log", "8.0.21", "10.5.9-MariaDB", "nonsense"]) {
    expect(() => dialectOf(version, false), version).toThrow("not supported");
  }
});

describe("an account is born locked, with a hash in place of its password and a mark that proves it", () => {
  test("on MariaDB", () => {
    expect(createAccount(mariadb, terms, "secret")).toBe(
      "CREATE USER 'dp_01arz3ndektsv4rrffq69g5fav'@'%' IDENTIFIED VIA mysql_native_password USING '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7'" +
        ` REQUIRE SSL WITH MAX_USER_CONNECTIONS 10 MAX_UPDATES_PER_HOUR ${markOf(mariadb, "main", terms.name)} MAX_STATEMENT_TIME 1800 PASSWORD EXPIRE NEVER ACCOUNT LOCK`,
    );
    expect(refreshAccount(mariadb, { ...terms, encrypted: false }, "secret")).toMatch(
      /^ALTER USER .* REQUIRE NONE WITH .* PASSWORD EXPIRE NEVER$/,
    );
    expect(markOf(mariadb, "main", terms.name)).toMatch(/^1\d{9}$/);
    expect(markOf(mariadb, "other", terms.name)).not.toBe(markOf(mariadb, "main", terms.name));
  });

  test("on MySQL", () => {
    const statement = createAccount(mysql8, terms, "secret");
    expect(statement).toMatch(
      /^CREATE USER 'dp_01arz3ndektsv4rrffq69g5fav'@'%' IDENTIFIED WITH caching_sha2_password AS 0x2441243030352[0-9a-f]{127} REQUIRE SSL WITH MAX_USER_CONNECTIONS 10 PASSWORD EXPIRE NEVER ACCOUNT LOCK ATTRIBUTE '\{"daypass":"daypass stack=main account=dp_01arz3ndektsv4rrffq69g5fav"\}'$/,
    );
    expect(refreshAccount(mysql8, terms, "secret")).not.toContain("ACCOUNT");
  });
});

test("sessions are ended as each server can, and as RDS wants it where it refuses", () => {
  expect(killings).toEqual(["id", "rds"]);
  expect(killSession(mariadb, "id", 7)).toBe("KILL HARD CONNECTION 7");
  expect(killSession(mysql8, "id", 7)).toBe("KILL CONNECTION 7");
  expect(killSession(mysql8, "rds", 7)).toBe("CALL mysql.rds_kill(7)");
  expect([killRight(mariadb), killRight(mysql8)]).toEqual(["CONNECTION ADMIN", "CONNECTION_ADMIN"]);
});

test("names in a right on a table are plain names everywhere; before .* they are patterns, but not under partial_revokes", () => {
  const partial = dialectOf("8.0.40", true);
  const rights = rightsOf({ level: "read", database: "shop_a" }, [{ name: "50%", isView: false }]);
  for (const dialect of [mysql8, partial]) {
    expect(grantStatements(rights, "dp_1", "%", dialect)).toEqual([
      "GRANT SELECT, SHOW VIEW ON `shop_a`.`50%` TO 'dp_1'@'%'",
    ]);
  }
  expect(objectOf({ database: "shop_a", table: null }, mysql8)).toBe("`shop\\_a`.*");
  expect(objectOf({ database: "shop_a", table: null }, partial)).toBe("`shop_a`.*");
});

test("accounts are looked up where each server keeps them", () => {
  expect(accountsQuery(mariadb)).toContain("mysql.global_priv");
  expect(accountsQuery(mysql8)).toContain("User_attributes");
});

test.each([
  ["MariaDB", mariadb, "id", "KILL HARD CONNECTION v_id;"],
  ["MySQL", mysql8, "id", "KILL CONNECTION v_id;"],
  ["RDS", mysql8, "rds", "CALL mysql.rds_kill(v_id);"],
] as const)(
  "the event of %s locks first, and on MySQL drops before it ends sessions",
  (_name, dialect, killing, kill) => {
    const text = reaperStatement("CREATE EVENT IF NOT EXISTS", dialect, "main", killing);
    const drop = "DROP USER IF EXISTS";
    const order = dialect === mariadb ? ["ACCOUNT LOCK", kill, drop] : ["ACCOUNT LOCK", drop, kill];
    // MySQL may have to end them once more on the way, to get a prepared statement.
    const places = order.map((part) =>
      dialect !== mariadb && part === kill ? text.lastIndexOf(part) : text.indexOf(part),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(text).toContain("ON SCHEDULE EVERY 5 SECOND ON COMPLETION PRESERVE ENABLE");
    expect(text).not.toContain("GET_LOCK");
  },
);

test("what the administrator of a server needs is printed in full", () => {
  const databases = [{ name: "shop_a", level: "write" as const }];
  const printed = (dialect: typeof mariadb) =>
    installStatements({ dialect, stack: "main", administrator: "daypass_admin", databases }).map(
      (step) => step.sql,
    );
  expect(printed(mariadb)).toEqual([
    "CREATE USER 'daypass_admin'@'%' IDENTIFIED BY '<password>';",
    "GRANT CREATE USER, PROCESS, SHOW DATABASES, CONNECTION ADMIN ON *.* TO 'daypass_admin'@'%';",
    "GRANT SELECT ON `mysql`.* TO 'daypass_admin'@'%';",
    "GRANT SELECT ON `performance_schema`.`threads` TO 'daypass_admin'@'%';",
    "CREATE SCHEMA IF NOT EXISTS `daypass_main`;",
    "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, EVENT ON `daypass\\_main`.* TO 'daypass_admin'@'%';",
    "GRANT SELECT, SHOW VIEW, INSERT, UPDATE, DELETE ON `shop\\_a`.* TO 'daypass_admin'@'%' WITH GRANT OPTION;",
  ]);
  expect(printed(mysql8)[1]).toContain("CONNECTION_ADMIN ON *.*");
  expect(printed(mysql8)).toContain("GRANT XA_RECOVER_ADMIN ON *.* TO 'daypass_admin'@'%';");
});
