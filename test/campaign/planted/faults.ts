import type { EngineName } from "../guarantee.ts";

/** Code that is put in the place of other code, in memory, while a module is loaded. The text has to be there once. */
export type Patch = { file: string; replace: string; by: string };

/** A mistake that others have made, and the cells that have to notice it. */
export type PlantedFault = {
  name: string;
  what: string;
  engines: readonly EngineName[];
  patches: readonly Patch[];
  /** Cells to play: those whose group, layer and fault contain this. */
  only: string;
};

const advance = "packages/core/src/grant/advance-grant.ts";

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: "swallowed-exception",
    what: "the drop's exception is swallowed, and the account taken for absent",
    engines: ["postgres"],
    patches: [
      {
        file: "packages/databases/src/postgres/revoke.ts",
        replace: "if (role !== undefined) await session.run(sql`DROP ROLE ${identifier(role.name)}`);",
        by: "if (role !== undefined) await session.run(sql`DROP ROLE ${identifier(role.name)}`).catch(() => undefined);",
      },
      {
        file: "packages/databases/src/postgres/revoke.ts",
        replace: "if (!(await looksAbsent(session, target.stack, account.name))) {",
        by: "if (false) {",
      },
    ],
    only: "a right that only somebody else can take back",
  },
  {
    name: "sessions-left",
    what: "sessions are not ended",
    engines: ["postgres"],
    patches: [
      {
        file: "packages/databases/src/postgres/sessions.ts",
        replace: "if (open.length === 0) return",
        by: "if (open.length >= 0) return",
      },
    ],
    only: "layers all: none",
  },
  {
    name: "sessions-left",
    what: "sessions are not ended",
    engines: ["mysql"],
    patches: [
      {
        file: "packages/databases/src/mysql/sessions.ts",
        replace: "if (open.length === 0) return",
        by: "if (open.length >= 0) return",
      },
    ],
    only: "layers all: none",
  },
  {
    name: "swallowed-exception",
    what: "the drop's exception is swallowed, and the account taken for absent",
    engines: ["mysql"],
    patches: [
      {
        file: "packages/databases/src/mysql/revoke.ts",
        replace: "await session.run(sql`DROP USER IF EXISTS ${quoted(name, host)}`);",
        by: "throw new Error('refused');",
      },
      {
        file: "packages/databases/src/mysql/revoke.ts",
        replace:
          "if (!isRefusal(error) && !isLockTimeout(error) && errorNumber(error) === undefined) throw error;",
        by: "continue;",
      },
      {
        file: "packages/databases/src/mysql/revoke.ts",
        replace: "if (!(await looksAbsent(session, target.stack, account.name))) {",
        by: "if (false) {",
      },
    ],
    only: "layers all: none",
  },
  {
    name: "six-tries",
    what: "revoking is given up after six tries",
    engines: ["postgres", "mysql"],
    patches: [
      {
        file: advance,
        replace: '      return revoke(ctx, grant);\n    case "revoked":',
        by: '      if ((grant.failure?.attempts ?? 0) >= 6) return { next: "done" };\n      return revoke(ctx, grant);\n    case "revoked":',
      },
    ],
    only: "outages all: the database is down for",
  },
  {
    name: "revoked-before-looking",
    what: "revoked is said before the server was looked at",
    engines: ["postgres", "mysql"],
    patches: [
      {
        file: advance,
        replace: "    const revocation = await server.revoke(accountOf(grant));",
        by: "    await finishGrant(ctx, { ...at(grant), absentAt: ctx.clock.now(), sessionsEnded: 0 });\n    const revocation = await server.revoke(accountOf(grant));",
      },
    ],
    only: "outages all: the administrator's rights are withdrawn",
  },
  {
    name: "trusts-the-ledger",
    what: "the sweeper looks for the ledger's accounts alone",
    engines: ["postgres", "mysql"],
    patches: [
      {
        file: "packages/core/src/reconciliation/run-reconciliation.ts",
        replace: "  const accounts = await server.listAccounts();",
        by: "  const accounts = (await server.listAccounts()).filter((one) => live.some(({ id }) => id === one.grantId));",
      },
    ],
    only: "restore",
  },
  {
    name: "no-end-in-the-database",
    what: "the account is made without an end of its own",
    engines: ["postgres"],
    patches: [
      {
        file: "packages/databases/src/postgres/account-sql.ts",
        replace: "VALID UNTIL ${instant(plan.expiresAtMs)} PASSWORD",
        by: "VALID UNTIL ${literal('infinity')} PASSWORD",
      },
    ],
    only: "layers database",
  },
];
