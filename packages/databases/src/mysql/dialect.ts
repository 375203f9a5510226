import { createHash } from "node:crypto";
import { EngineError } from "../engine.ts";
import { cachingSha2Hash } from "./caching-sha2.ts";
import { nativePasswordHash } from "./native-password.ts";
import { account, hexadecimal, integer, literal, sql } from "./quote.ts";

/** What the server at hand is; everything that MySQL and MariaDB say differently is in this file. */
export type Dialect = {
  flavour: "mariadb" | "mysql";
  version: string;
  major: number;
  minor: number;
  /** MySQL's `partial_revokes`: database names in grants are plain names, not patterns. */
  plainDatabaseNames: boolean;
  /** MariaDB 10.11 has rights that everybody holds, as PostgreSQL's PUBLIC. */
  hasPublic: boolean;
};

export type AccountTerms = {
  stack: string;
  name: string;
  host: string;
  encrypted: boolean;
  connectionLimit: number;
  statementTimeoutMs: number;
};

/** @throws EngineError invalid, when the server is older than what was tried. */
export function dialectOf(version: string, plainDatabaseNames: boolean): Dialect {
  const [, major = "0", minor = "0", patch = "0"] = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const flavour = /mariadb/i.test(version) ? "mariadb" : "mysql";
  const dialect: Dialect = {
    flavour,
    version,
    major: Number(major),
    minor: Number(minor),
    plainDatabaseNames: flavour === "mysql" && plainDatabaseNames,
    hasPublic: flavour === "mariadb" && isAtLeast([major, minor, patch], [10, 11, 0]),
  };
  if (
    flavour === "mariadb"
      ? !isAtLeast([major, minor, patch], [10, 6, 2])
      : !isAtLeast([major, minor, patch], [8, 0, 22])
  ) {
    throw new EngineError(
      "invalid",
      `${nameOf(dialect)} ${version} is not supported; MariaDB 10.6 or MySQL 8.0.22 and later are`,
    );
  }
  return dialect;
}

export function nameOf({ flavour }: Pick<Dialect, "flavour">): string {
  return flavour === "mariadb" ? "MariaDB" : "MySQL";
}

/**
 * What proves that an account is ours, on the account itself and out of its own reach. MySQL keeps a text for each
 * account. MariaDB 10.11 does not: there it is a limit of updates an hour so high that nobody can meet it.
 */
export function markOf({ flavour }: Pick<Dialect, "flavour">, stack: string, name: string): string {
  if (flavour === "mysql") return `daypass stack=${stack} account=${name}`;
  const hash = createHash("sha256")
    .update(JSON.stringify(["daypass", stack, name]))
    .digest();
  return integer(1_000_000_000 + (hash.readUInt32BE(0) % 1_000_000_000));
}

/** Born locked. The log shows a hash where the password would be. */
export function createAccount(dialect: Dialect, terms: AccountTerms, password: string): string {
  return sql`CREATE USER ${account(terms.name, terms.host)} ${termsOf(dialect, terms, password)} ACCOUNT LOCK${attribute(dialect, terms)}`;
}

/** The same for an account that a repeated provision finds there already: its lock stays as it is. */
export function refreshAccount(dialect: Dialect, terms: AccountTerms, password: string): string {
  return sql`ALTER USER ${account(terms.name, terms.host)} ${termsOf(dialect, terms, password)}${attribute(dialect, terms)}`;
}

function termsOf(dialect: Dialect, terms: AccountTerms, password: string): string {
  const limits = [sql`MAX_USER_CONNECTIONS ${integer(terms.connectionLimit)}`];
  if (dialect.flavour === "mariadb") {
    limits.push(
      sql`MAX_UPDATES_PER_HOUR ${markOf(dialect, terms.stack, terms.name)}`,
      sql`MAX_STATEMENT_TIME ${integer(Math.ceil(terms.statementTimeoutMs / 1000))}`,
    );
  }
  return sql`${authentication(dialect, password)} REQUIRE ${terms.encrypted ? "SSL" : "NONE"} WITH ${limits.join(" ")} PASSWORD EXPIRE NEVER`;
}

function authentication({ flavour }: Dialect, password: string): string {
  return flavour === "mariadb"
    ? sql`IDENTIFIED VIA mysql_native_password USING ${literal(nativePasswordHash(password))}`
    : sql`IDENTIFIED WITH caching_sha2_password AS ${hexadecimal(cachingSha2Hash(password))}`;
}

function attribute(dialect: Dialect, { stack, name }: AccountTerms): string {
  return dialect.flavour === "mariadb"
    ? ""
    : sql` ATTRIBUTE ${literal(JSON.stringify({ daypass: markOf(dialect, stack, name) }))}`;
}

/** One row an account: name, host, whether it is locked, and its mark. Roles are not accounts. */
export function accountsQuery({ flavour }: Pick<Dialect, "flavour">): string {
  return flavour === "mariadb"
    ? `SELECT User AS name, Host AS host, CAST(coalesce(JSON_VALUE(Priv, '$.account_locked'), 0) AS INT) AS locked,
  CAST(coalesce(JSON_VALUE(Priv, '$.max_updates'), '0') AS CHAR) AS mark
FROM mysql.global_priv WHERE JSON_VALUE(Priv, '$.is_role') IS NULL`
    : `SELECT CAST(User AS CHAR) AS name, CAST(Host AS CHAR) AS host, account_locked = 'Y' AS locked,
  coalesce(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.metadata.daypass')), '') AS mark
FROM mysql.user WHERE 1 = 1`;
}

/** How a session is ended: by its number, or by the procedure that RDS has for it. */
export type Killing = "id" | "rds";

export const killings: readonly Killing[] = ["id", "rds"];

export function killSession({ flavour }: Pick<Dialect, "flavour">, how: Killing, id: number): string {
  if (how === "rds") return sql`CALL mysql.rds_kill(${integer(id)})`;
  return flavour === "mariadb"
    ? sql`KILL HARD CONNECTION ${integer(id)}`
    : sql`KILL CONNECTION ${integer(id)}`;
}

/** The right that ending other people's sessions takes. */
export function killRight({ flavour }: Pick<Dialect, "flavour">): string {
  return flavour === "mariadb" ? "CONNECTION ADMIN" : "CONNECTION_ADMIN";
}

function isAtLeast(found: readonly string[], wanted: readonly number[]): boolean {
  for (const [place, least] of wanted.entries()) {
    const part = Number(found[place] ?? 0);
    if (part !== least) return part > least;
  }
  return true;
}
