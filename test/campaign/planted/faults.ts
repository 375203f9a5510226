import type { EngineName } from "../guarantee.ts";

/** Code that is put in the place of other code, in memory, while a module is loaded. The text has to be there once. */
export type Patch = { file: string; replace: string; by: string };

/** A mistake that others have made, and the cells that have to notice it. */
export type PlantedFault = {
  name: string;
  what: string;
  /** What to change to make it, on each engine that it can be made on. */
  patches: Readonly<Partial<Record<EngineName, readonly Patch[]>>>;
  /** Cells to play: those whose group, layer and fault contain this. */
  only: Readonly<Partial<Record<EngineName, string>>>;
};

const advance = "packages/core/src/grant/advance-grant.ts";
const revoke = "packages/core/src/grant/revoke-attempt.ts";
const reconciliation = "packages/core/src/reconciliation/run-reconciliation.ts";
const readBatch = "packages/core/src/kernel/read-batch.ts";
const postgres = "packages/databases/src/postgres";
const mysql = "packages/databases/src/mysql";

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: "swallowed-exception",
    what: "the drop's exception is swallowed, and the account taken for absent",
    patches: {
      postgres: [
        {
          file: `${postgres}/revoke.ts`,
          replace: "if (role !== undefined) await session.run(sql`DROP ROLE ${identifier(role.name)}`);",
          by: "if (role !== undefined) await session.run(sql`DROP ROLE ${identifier(role.name)}`).catch(() => undefined);",
        },
        absenceBelieved(`${postgres}/revoke.ts`, "target.stack"),
      ],
      mysql: [
        {
          file: `${mysql}/revoke.ts`,
          replace: "await session.run(sql`DROP USER IF EXISTS ${quoted(name, host)}`);",
          by: "throw new Error('refused');",
        },
        {
          file: `${mysql}/revoke.ts`,
          replace:
            "if (!isRefusal(error) && !isLockTimeout(error) && errorNumber(error) === undefined) throw error;",
          by: "continue;",
        },
        absenceBelieved(`${mysql}/revoke.ts`, "target"),
      ],
    },
    only: { postgres: "a right that only somebody else can take back", mysql: "layers all: none" },
  },
  {
    name: "sessions-left",
    what: "sessions are not ended",
    patches: {
      postgres: [
        {
          file: `${postgres}/sessions.ts`,
          replace: "if (open.length === 0) return",
          by: "if (open.length >= 0) return",
        },
      ],
      mysql: [
        {
          file: `${mysql}/sessions.ts`,
          replace: "if (own.length === 0 && doubtful.length === 0) {",
          by: "if (own.length >= 0) {",
        },
      ],
    },
    only: both("layers all: none"),
  },
  {
    name: "six-tries",
    what: "revoking is given up after six tries",
    patches: onEach(() => ({
      file: advance,
      replace: '    case "quarantined":\n      if (isEarly(grant, now))',
      by: '    case "quarantined":\n      if ((grant.failure?.attempts ?? 0) >= 6) return { next: "done" };\n      if (isEarly(grant, now))',
    })),
    only: both("outages all: the database is down for"),
  },
  {
    name: "revoked-before-looking",
    what: "revoked is said before the server was looked at",
    patches: onEach(() => ({
      file: revoke,
      replace: "    const revocation = await revokeAccount(ctx, grant);",
      by: "    await finishGrant(ctx, { ...asSeen(grant), absentAt: ctx.clock.now(), sessionsEnded: 0, keptObjects: [] });\n    const revocation = await revokeAccount(ctx, grant);",
    })),
    only: both("outages all: the administrator's rights are withdrawn"),
  },
  {
    name: "trusts-the-ledger",
    what: "the sweeper looks for the ledger's accounts alone",
    patches: onEach(() => ({
      file: reconciliation,
      replace: "  const accounts = await server.listAccounts();",
      by: "  const accounts = (await server.listAccounts()).filter((one) => live.some(({ id }) => id === one.grantId));",
    })),
    only: both("restore"),
  },
  {
    name: "unread-is-absent",
    what: "an unread key is taken for absent",
    patches: onEach(() => ({
      file: readBatch,
      replace: "if (unread.length === 0) continue;",
      by: "if (unread.length >= 0) continue;",
    })),
    only: both("partial answers"),
  },
  {
    name: "present-name",
    what: "sessions are looked for by their present name alone",
    ...onMysql("hides whose its session is", {
      file: `${mysql}/look.ts`,
      replace: "AS seen WHERE name = ? OR halfOpen OR lent",
      by: "AS seen WHERE name = ?",
    }),
  },
  {
    name: "one-look",
    what: "revoked is said after one look",
    ...onMysql("hides whose its session is", {
      file: `${mysql}/sessions.ts`,
      replace: "if (own.length === 0 && doubtful.length === 0) {",
      by: "if (own.length === 0) {",
    }),
  },
  {
    name: "no-end-in-the-database",
    what: "the database does nothing at the end by itself",
    patches: {
      postgres: [
        {
          file: `${postgres}/account-sql.ts`,
          replace: "VALID UNTIL ${instant(plan.expiresAtMs)} PASSWORD",
          by: "VALID UNTIL ${literal('infinity')} PASSWORD",
        },
      ],
      mysql: [
        {
          file: `${mysql}/reaper.ts`,
          replace: "WHERE dropped_at_ms IS NULL AND ends_at_ms <= v_now ORDER BY",
          by: "WHERE dropped_at_ms IS NULL AND ends_at_ms <= 0 ORDER BY",
        },
      ],
    },
    only: both("layers database"),
  },
  {
    name: "login-denied-first",
    what: "login is denied before rights are taken and sessions ended",
    patches: {
      postgres: [
        {
          file: `${postgres}/close-account.ts`,
          replace: "  await step(async (by, ms) => {\n    kept = await takeRights(",
          by: "  await deny(session, target, account, 3_000);\n  await step(async (by, ms) => {\n    kept = await takeRights(",
        },
      ],
    },
    only: both("the account locks its own row, ended early"),
  },
  {
    name: "large-objects-ignored",
    what: "large objects that an account left are handed over as they are",
    patches: {
      postgres: [
        {
          file: `${postgres}/rights-catalogs.ts`,
          replace: "classId: \"'pg_largeobject'::regclass\"",
          by: 'classId: "0::oid"',
        },
        {
          file: `${postgres}/leftovers.ts`,
          replace: "WHERE ${ownedHere} AND i.identity IS NOT NULL",
          by: "WHERE ${ownedHere} AND i.identity IS NOT NULL AND s.classid <> 'pg_largeobject'::regclass",
        },
      ],
    },
    only: both("shares what it copied and created"),
  },
  {
    name: "relations-alone",
    what: "of what an account left only relations are looked at",
    patches: {
      postgres: [
        {
          file: `${postgres}/rights-catalogs.ts`,
          replace: "export const objectWithRights = rightsCatalogs\n",
          by: "export const objectWithRights = rightsCatalogs.filter(({ catalog }) => catalog === 'pg_class')\n",
        },
        {
          file: `${postgres}/close-leftovers.ts`,
          replace: "  failures.push(await dropAll(cleaning));\n",
          by: "",
        },
      ],
    },
    only: both("shares what it copied and created"),
  },
];

function onMysql(only: string, ...patches: readonly Patch[]): Pick<PlantedFault, "patches" | "only"> {
  return { patches: { mysql: patches }, only: { mysql: only } };
}

function absenceBelieved(file: string, where: string): Patch {
  return {
    file,
    replace: `if (!(await looksAbsent(session, ${where}, account.name))) {`,
    by: "if (false) {",
  };
}

function onEach(patch: (folder: string) => Patch): PlantedFault["patches"] {
  return { postgres: [patch(postgres)], mysql: [patch(mysql)] };
}

function both(only: string): PlantedFault["only"] {
  return { postgres: only, mysql: only };
}
