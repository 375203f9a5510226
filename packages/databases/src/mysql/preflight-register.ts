import { z } from "zod";
import type { PreflightCheck, Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { isRefusal } from "./failure.ts";
import { has, rightsOn } from "./held-rights.ts";
import { registerStatements } from "./install.ts";
import { readReaper, readScheduler } from "./install-register.ts";
import { registerName } from "./names.ts";
import { check } from "./preflight-check.ts";
import { qualified, sql } from "./quote.ts";
import { reaperName } from "./reaper.ts";
import { readIdentity } from "./register.ts";
import type { Grant } from "./show-grants.ts";

/** The register of accounts, and the event that ends them should all of ours be down. */
export async function registerChecks(
  session: Session,
  target: Target,
  grants: readonly Grant[],
): Promise<PreflightCheck[]> {
  const schema = registerName(target.stack);
  const identity = await readIdentity(session, target.stack).catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });
  const wanted = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "EVENT"];
  const held = rightsOn(grants, schema, session.dialect);
  const scheduler = await readScheduler(session);
  const reaper = identity === undefined ? undefined : await readReaper(session, target.stack);
  const isForeign = reaper !== undefined && reaper.definer !== reaper.me;
  const isAtWork = reaper?.status === "ENABLED" && (await reapedLately(session, schema));
  const beats = reaper === undefined || scheduler !== "ON" || isAtWork;
  return [
    check(
      wanted.every((right) => has(held, right)),
      {
        id: "register",
        otherwise: "missing",
        yes:
          identity === undefined
            ? `The register of accounts (schema ${schema}) will be made with the first grant.`
            : `The register of accounts (schema ${schema}) is there.`,
        no: `The administrator lacks rights on its own schema ${schema}.`,
        statements: registerStatements(session.dialect, target.stack, target.administrator.username),
      },
    ),
    check(scheduler === "ON", {
      id: "event-scheduler",
      otherwise: "warning",
      yes: "The server ends accounts by itself, should all of ours be down: its event scheduler is on.",
      no: `The event scheduler is ${scheduler}: should all of ours be down, accounts stay until it is back. On RDS it is set in the parameter group.`,
      statements: scheduler === "OFF" ? ["SET GLOBAL event_scheduler = ON;"] : [],
    }),
    check(beats, {
      id: "dead-man-switch",
      otherwise: "warning",
      yes:
        reaper === undefined
          ? "The event that ends accounts will be made with the first grant."
          : "The event that ends accounts is at work.",
      no: isForeign
        ? `The event that ends accounts was changed by ${reaper.definer} and does not run. Once it is dropped, the next grant makes it anew.`
        : "The event that ends accounts has not run in the last minute; the next grant sets it up anew.",
      statements: isForeign ? [sql`DROP EVENT ${reaperName(target.stack)};`] : [],
    }),
  ];
}

async function reapedLately(session: Session, schema: string): Promise<boolean> {
  const [row] = await session.rows(
    z.strictObject({ lately: z.number() }),
    sql`SELECT reaped_at_ms > (UNIX_TIMESTAMP() - 60) * 1000 AS lately FROM ${qualified(schema, "server")}`,
  );
  return row?.lately === 1;
}
