import type { AccountPlan, Level, Scope, ScopeObject } from "../engine.ts";
import { createAccountStatements } from "./account-sql.ts";
import { type GroupRight, groupRights } from "./names.ts";
import { identifier } from "./quote.ts";
import { grantStatements } from "./rights-sql.ts";

/** `code` is stable, for a translated catalogue; `text` is English with the names filled in. */
export type PrivilegeSentence = { code: string; text: string };

export type Privileges = { can: PrivilegeSentence[]; cannot: PrivilegeSentence[]; statements: string[] };

/** What makes the statements those of one grant; `tables` are the tables that `scope` means at the moment. */
export type PrivilegeDetails = {
  stack: string;
  serverVersion: number;
  account: Pick<AccountPlan, "name" | "grantId" | "expiresAtMs" | "connectionLimit">;
  tables?: readonly { schema: string; name: string }[];
};

/**
 * What an account of this level and scope will and will not be able to do, and the SQL that makes it so: the text
 * that provision runs, with a stand-in for the verifier, and for the lists of tables when they are not given.
 */
export function describePrivileges(
  level: Level,
  scope: Scope,
  database: string,
  details?: PrivilegeDetails,
): Privileges {
  const where = describeScope(scope, database);
  return {
    can: abilities(level, where),
    cannot: limits(level, scope, where),
    statements: statements(level, scope, database, details),
  };
}

/** Why this scope is impossible at this level, or null. */
export function scopeProblem(level: Level, scope: Scope): string | null {
  if (scope.kind === "database") return null;
  if (scope.objects.length === 0) return "the scope names no schema and no table";
  if (scope.objects.length > 500) return "the scope names more than 500 objects; ask for schemas instead";
  for (const { schema, table } of scope.objects) {
    if (!isName(schema) || (table !== undefined && !isName(table))) return "the scope has a malformed name";
    if (schema.startsWith("pg_") || schema === "information_schema")
      return `schema ${schema} belongs to the server`;
    if (level === "ddl" && table !== undefined)
      return "level ddl makes new objects in schemas: name schemas, not tables";
  }
  return null;
}

function isName(name: string): boolean {
  return name !== "" && !name.includes("\0") && Buffer.byteLength(name) <= 63;
}

function abilities(level: Level, where: string): PrivilegeSentence[] {
  const read = { code: "read-rows", text: `Read all rows and columns of ${where} (SELECT).` };
  const write = {
    code: "write-rows",
    text: `Add, change and delete rows in ${where} (INSERT, UPDATE, DELETE), and use their sequences.`,
  };
  const create = {
    code: "create-objects",
    text: `Create tables, views, functions and other objects in ${describeSchemas(where)}, and change or drop those it created.`,
  };
  switch (level) {
    case "read":
      return [read];
    case "write":
      return [read, write];
    case "ddl":
      return [read, write, create];
  }
}

function limits(level: Level, scope: Scope, where: string): PrivilegeSentence[] {
  const sentences: PrivilegeSentence[] = [];
  if (level === "read") {
    sentences.push({ code: "no-writing", text: "Add, change or delete rows." });
  }
  if (level === "ddl") {
    sentences.push(
      { code: "no-altering", text: "Alter or drop tables that exist already: that takes ownership of them." },
      {
        code: "left-behind",
        text: "Keep what it creates: at the end its tables with rows go to the keeper role, where nobody else can use them, and everything else is dropped.",
      },
    );
  } else {
    sentences.push({
      code: "no-creating",
      text: "Create, alter or drop tables, views, functions or schemas.",
    });
  }
  sentences.push(
    {
      code: "no-truncate",
      text: "Empty tables with TRUNCATE, or put triggers on tables that exist already.",
    },
    {
      code: "no-administration",
      text: "Create accounts, give rights on existing tables to others, or pass row-level security.",
    },
    {
      code: "no-later-tables",
      text: "Use tables that are created later, even under the name of one in scope: those come with the next grant. What is renamed stays open.",
    },
  );
  if (scope.kind === "objects")
    sentences.push({ code: "no-outside", text: `Read or write anything outside ${where}.` });
  return sentences;
}

function describeScope(scope: Scope, database: string): string {
  if (scope.kind === "database") return `database ${database}`;
  const names = (wanted: "schema" | "table") => [
    ...new Set(scope.objects.filter((object) => kindOf(object) === wanted).map(nameOf)),
  ];
  return [...described("schema", names("schema")), ...described("table", names("table"))].join(" and ");
}

/** "table a.b", "tables a.b and a.c"; long lists are cut. */
function described(noun: "schema" | "table", names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - namesShown;
  const listed = more > 0 ? [...names.slice(0, namesShown), `${more} more`] : names;
  const text = [listed.slice(0, -1).join(", "), listed.at(-1)].filter((part) => part !== "").join(" and ");
  return [`${noun}${names.length === 1 ? "" : "s"} ${text}`];
}

const namesShown = 12;

function kindOf(object: ScopeObject): "schema" | "table" {
  return object.table === undefined ? "schema" : "table";
}

function nameOf(object: ScopeObject): string {
  return object.table === undefined ? object.schema : `${object.schema}.${object.table}`;
}

function describeSchemas(where: string): string {
  return where.startsWith("database ") ? `every schema of ${where}` : where;
}

function statements(level: Level, scope: Scope, database: string, details?: PrivilegeDetails): string[] {
  const stack = details?.stack ?? "stack";
  const groups = groupRights(level).map((right) => ({
    right,
    // Known when the account is created: it stands for the numbers of the database and of what is in scope.
    name: `daypass_${right}_${stack}_<id>`,
  }));
  const plan: AccountPlan = {
    name: details?.account.name ?? "dp_account",
    grantId: details?.account.grantId ?? "grant",
    expiresAtMs: details?.account.expiresAtMs ?? 0,
    database,
    level,
    scope,
  };
  return [
    ...groups.flatMap(({ right, name }) => groupStatements(right, name, scope, database, details?.tables)),
    ...createAccountStatements(plan, {
      stack,
      version: details?.serverVersion ?? 17,
      groups: groups.map((group) => group.name),
      verifier: "<SCRAM-SHA-256 verifier>",
    }),
  ].map((text) => `${text};`);
}

function groupStatements(
  right: GroupRight,
  group: string,
  scope: Scope,
  database: string,
  tables: readonly { schema: string; name: string }[] | undefined,
): string[] {
  const named = scope.kind === "database" ? [] : scope.objects;
  const listed =
    tables ?? named.flatMap(({ schema, table }) => (table === undefined ? [] : [{ schema, name: table }]));
  const open =
    tables === undefined && (scope.kind === "database" || named.some((object) => object.table === undefined));
  const schemas = new Set([...named.map((object) => object.schema), ...listed.map((table) => table.schema)]);
  const privileges = right === "write" ? ["SELECT", "INSERT", "UPDATE", "DELETE"] : ["SELECT"];
  const given = [
    ...grantStatements(
      { class: "database", privileges: ["CONNECT"], objects: [{ schema: "", name: database }] },
      group,
    ),
    ...grantStatements(
      {
        class: "schema",
        privileges: right === "create" ? ["USAGE", "CREATE"] : ["USAGE"],
        objects: [...schemas].map((schema) => ({ schema, name: schema })),
      },
      group,
    ),
  ];
  if (right === "create") return given;
  given.push(...grantStatements({ class: "table", privileges, objects: listed }, group));
  // The placeholder is not SQL on purpose: it says what the list will hold when it is made.
  if (open)
    given.push(`GRANT ${privileges.join(", ")} ON TABLE <each table in scope> TO ${identifier(group)}`);
  if (right === "write")
    given.push(`GRANT USAGE ON SEQUENCE <each sequence of these tables> TO ${identifier(group)}`);
  return given;
}
