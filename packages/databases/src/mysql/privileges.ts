import type { AccountPlan, Level, Scope } from "../engine.ts";
import { anyHost } from "./names.ts";
import { account, identifier, list, sql } from "./quote.ts";
import { grantStatements, levelPrivileges, rightsOf } from "./rights.ts";

/** `code` is stable, for a translated catalogue; `text` is English with the names filled in. */
export type PrivilegeSentence = { code: string; text: string };

export type Privileges = { can: PrivilegeSentence[]; cannot: PrivilegeSentence[]; statements: string[] };

/**
 * What an account of this level and scope will and will not be able to do, and the SQL that makes it so: the rights
 * are the very text that provision runs; what only the broker knows (the tables of a database, which of them are views,
 * the kind of server, the hash) stands in <>.
 */
export function describePrivileges(
  level: Level,
  scope: Scope,
  database: string,
  details: { account?: Pick<AccountPlan, "name"> } = {},
): Privileges {
  const tables = tablesOf(scope);
  const where = tables === null ? `database ${database}` : describeTables(database, tables);
  const name = details.account?.name ?? "dp_account";
  const user = account(name, anyHost);
  return {
    can: abilities(level, where, database),
    cannot: limits(level, where, database, tables),
    statements: [
      sql`CREATE USER ${user} IDENTIFIED <by a hash of the password> ACCOUNT LOCK <with our mark and its limits>;`,
      ...grants(level, database, tables, name).map((text) => `${text};`),
      sql`ALTER USER ${user} ACCOUNT UNLOCK;`,
    ],
  };
}

function grants(level: Level, database: string, tables: readonly string[] | null, name: string): string[] {
  const dialect = { plainDatabaseNames: false };
  if (tables !== null) {
    const relations = tables.map((table) => ({ name: table, isView: false }));
    return grantStatements(rightsOf({ level, database }, relations), name, anyHost, dialect);
  }
  const on = (what: string, of: Level) =>
    sql`GRANT ${list(levelPrivileges(of))} ON ${identifier(database)}.${what} TO ${account(name, anyHost)}`;
  return level === "read"
    ? [on("<each table and view>", "read")]
    : [on("<each table>", level), on("<each view>", "read")];
}

/** Null for the whole database: a schema is the database itself here. */
function tablesOf(scope: Scope): string[] | null {
  if (scope.kind === "database") return null;
  const tables = scope.objects.map((object) => object.table ?? null);
  return tables.includes(null) ? null : [...new Set(tables.filter((table) => table !== null))].toSorted();
}

function describeTables(database: string, tables: readonly string[]): string {
  const names = tables.slice(0, namesShown).map((table) => `${database}.${table}`);
  const more = tables.length > namesShown ? [`${tables.length - namesShown} more`] : [];
  const listed = [...names, ...more];
  const text = [listed.slice(0, -1).join(", "), listed.at(-1)].filter((part) => part !== "").join(" and ");
  return `table${tables.length === 1 ? "" : "s"} ${text}`;
}

const namesShown = 12;

function abilities(level: Level, where: string, database: string): PrivilegeSentence[] {
  const read = [
    {
      code: "read-rows",
      text: `Read all rows and columns of ${where} (SELECT), and what its views show, even from other databases.`,
    },
    {
      code: "lock-rows",
      text: "Keep others from changing the rows that it reads until its transaction ends (LOCK IN SHARE MODE; on MariaDB also FOR UPDATE).",
    },
    {
      code: "follow-names",
      text: `Use any table that takes one of these names: rights stay with the name when a table or database ${database} is replaced by another.`,
    },
  ];
  const write = [
    {
      code: "write-rows",
      text: `Add, change and delete rows in ${where} (INSERT, UPDATE, DELETE).`,
    },
    {
      code: "cascades",
      text: "Change rows of other tables, even in other databases, where a foreign key passes a change on (CASCADE, SET NULL), and whatever a trigger changes. The connection test names such keys between databases.",
    },
  ];
  const change = [
    {
      code: "change-objects",
      text: `Create, alter, empty and drop ${where}, and their indexes, whoever created them; MySQL knows no owners.`,
    },
  ];
  switch (level) {
    case "read":
      return read;
    case "write":
      return [...read, ...write];
    case "ddl":
      return [...read, ...write, ...change];
  }
}

function limits(
  level: Level,
  where: string,
  database: string,
  tables: readonly string[] | null,
): PrivilegeSentence[] {
  const sentences: PrivilegeSentence[] = [];
  if (level === "read") sentences.push({ code: "no-writing", text: "Add, change or delete rows." });
  else sentences.push({ code: "no-view-writes", text: "Write through views." });
  if (level !== "ddl") {
    sentences.push({ code: "no-creating", text: "Create, alter, empty or drop tables." });
  } else {
    sentences.push({
      code: "no-other-objects",
      text: `Create, alter or drop other tables, or database ${database} itself.`,
    });
  }
  if (tables === null) {
    sentences.push({
      code: "no-later-tables",
      text: `Use tables that are created in database ${database} after the access begins; the next access includes them.`,
    });
  }
  sentences.push(
    {
      code: "no-code",
      text: "Create views, routines, triggers or events: they would run in its name, or outlive it.",
    },
    {
      code: "no-administration",
      text: "Create accounts, give rights to others, run stored routines, lock tables, or read and write files of the server.",
    },
    { code: "no-outside", text: `Read or write anything else outside ${where}.` },
  );
  return sentences;
}
