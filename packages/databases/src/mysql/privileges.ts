import type { AccountPlan, Level, Scope } from "../engine.ts";
import { anyHost } from "./names.ts";
import { account, sql } from "./quote.ts";
import { grantStatements, rightsOf } from "./rights.ts";

/** `code` is stable, for a translated catalogue; `text` is English with the names filled in. */
export type PrivilegeSentence = { code: string; text: string };

export type Privileges = { can: PrivilegeSentence[]; cannot: PrivilegeSentence[]; statements: string[] };

/**
 * What an account of this level and scope will and will not be able to do, and the SQL that makes it so: the rights
 * are the very text that provision runs; what only the broker knows (the kind of server, the hash) stands in <>.
 */
export function describePrivileges(
  level: Level,
  scope: Scope,
  database: string,
  details: { account?: Pick<AccountPlan, "name"> } = {},
): Privileges {
  const tables = tablesOf(scope);
  const where = tables === null ? `database ${database}` : describeTables(database, tables);
  const user = account(details.account?.name ?? "dp_account", anyHost);
  return {
    can: abilities(level, where, database, tables),
    cannot: limits(level, where, tables),
    statements: [
      sql`CREATE USER ${user} IDENTIFIED <by a hash of the password> ACCOUNT LOCK <with our mark and its limits>;`,
      ...grantStatements(
        rightsOf({ level, scope, database }),
        details.account?.name ?? "dp_account",
        anyHost,
        {
          plainDatabaseNames: false,
        },
      ).map((text) => `${text};`),
      sql`ALTER USER ${user} ACCOUNT UNLOCK;`,
    ],
  };
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

function abilities(
  level: Level,
  where: string,
  database: string,
  tables: readonly string[] | null,
): PrivilegeSentence[] {
  const read = {
    code: "read-rows",
    text: `Read all rows and columns of ${where} (SELECT), also through its views.`,
  };
  const write = {
    code: "write-rows",
    text: `Add, change and delete rows in ${where} (INSERT, UPDATE, DELETE).`,
  };
  const later = {
    code: "later-tables",
    text: `Do the same with tables that are made in database ${database} while access lasts.`,
  };
  const change =
    tables === null
      ? [
          {
            code: "change-objects",
            text: `Create, alter, empty and drop every table of database ${database}, whoever made it; MySQL knows no owners.`,
          },
          {
            code: "drop-database",
            text: `Drop database ${database} itself: in MySQL that is the same right.`,
          },
        ]
      : [{ code: "change-objects", text: `Alter, empty, drop and make anew ${where}, and their indexes.` }];
  const whole = tables === null ? [later] : [];
  switch (level) {
    case "read":
      return [read, ...whole];
    case "write":
      return [read, write, ...whole];
    case "ddl":
      return [read, write, ...change, ...whole];
  }
}

function limits(level: Level, where: string, tables: readonly string[] | null): PrivilegeSentence[] {
  const sentences: PrivilegeSentence[] = [];
  if (level === "read") sentences.push({ code: "no-writing", text: "Add, change or delete rows." });
  if (level !== "ddl") {
    sentences.push({ code: "no-creating", text: "Create, alter, empty or drop tables." });
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
    { code: "no-outside", text: `Read or write anything outside ${where}.` },
  );
  if (level === "write" && tables !== null) {
    sentences.push({ code: "no-view-writes", text: "Write through those of them that are views." });
  }
  return sentences;
}
