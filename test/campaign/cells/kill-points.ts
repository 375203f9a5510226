import type { Scope } from "@daypass/core/catalog/catalog.view.ts";
import { advanceGrant, type Turn } from "@daypass/core/grant/advance-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { type Cell, type Finding, worstOf } from "../cell.ts";
import type { DatabaseServer } from "../database/database-server.ts";
import { numbered, numberStatements, runUntil, type Stop } from "../effects.ts";
import { engineNames } from "../guarantee.ts";
import { type Installation, openInstallation } from "../installation.ts";
import { loggedIn } from "../witness.ts";

type Step = "provision" | "extend" | "revoke";
/** What comes after the process was stopped: the same call again, two of them at once, or its holder ends it. */
type Next = "retry" | "two retries at once" | "ended meanwhile";

/** Every side effect of every step is a place to stop at, before and after it. */
export const killPoints: readonly Cell[] = [
  ...(["provision", "extend", "revoke"] as const).map((step) => cell(step, "retry", true)),
  ...(["provision", "extend", "revoke"] as const).map((step) => cell(step, "two retries at once", false)),
  ...(["provision", "extend"] as const).map((step) => cell(step, "ended meanwhile", false)),
];

function cell(step: Step, next: Next, isShort: boolean): Cell {
  return {
    group: "kill points",
    layer: "all",
    fault: `stopped before and after every side effect of ${step}, then ${next}`,
    promises: ["G2", "G3", "G6"],
    isShort,
    engines: engineNames,
    run: (server) => atEveryPoint(server, step, next),
  };
}

let isNumbering = false;

async function atEveryPoint(server: DatabaseServer, step: Step, next: Next): Promise<Finding> {
  if (!isNumbering) numberStatements();
  isNumbering = true;
  const house = await openInstallation(server, { armed: { timer: false, sweeper: false } });
  try {
    const findings: Finding[] = [];
    // The first life is not stopped and tells how many side effects there are.
    const { finding, effects } = await life(house, server, step, next, undefined);
    findings.push(finding);
    for (let at = 1; at <= effects.length; at += 1) {
      for (const side of ["before", "after"] as const) {
        const stopped = await life(house, server, step, next, { at, side });
        // Another one may do with fewer side effects, where sessions end at the first look, say.
        if (!stopped.isDead) continue;
        const where = `${side} ${effects[at - 1]} (${at} of ${effects.length})`;
        findings.push({
          ...stopped.finding,
          problems: stopped.finding.problems.map((problem) => `${problem}, stopped ${where}`),
        });
      }
    }
    if (findings.length < effects.length) throw new Error("most lives could not be stopped");
    return worstOf(findings);
  } finally {
    await house.close();
  }
}

async function life(
  house: Installation,
  server: DatabaseServer,
  step: Step,
  next: Next,
  stop: Stop | undefined,
): Promise<{ finding: Finding; effects: string[]; isDead: boolean }> {
  const problems: string[] = [];
  const { id } = await house.plan(
    // Other tables every time: what provisioning makes once for many accounts is made in every life.
    step === "provision"
      ? { level: "write", scope: nextScope(server) }
      : { level: "ddl", scope: scopeOfOwnTable(server) },
  );
  const call = () => advanceGrant(numbered(house.context()), id);
  if (step !== "provision") await settle(house, id, "active");
  if (step === "extend") await house.extend(id, 30);
  const session = step === "revoke" ? await ownSession(house, server, id) : undefined;
  if (step === "revoke") await house.end(id);

  const { effects, isDead } = await runUntil(stop, call);
  if (next === "ended meanwhile") await house.end(id).catch(() => undefined);
  if (next === "two retries at once") await Promise.allSettled([house.turn(id), house.turn(id)]);

  if (step !== "revoke" && next !== "ended meanwhile") {
    await settle(house, id, "active");
    const grant = await house.grant(id);
    const login = await server.login(grant.account, await house.credential(grant));
    if (login === "refused") problems.push("G7: active, but its holder is refused");
    else await login.close();
    await house.end(id);
  }
  await settle(house, id, "revoked");
  // The slot of who was stopped runs out before the next life, which may not ask for more than is due at once.
  house.clock.advance(slotMs);
  const grant = await house.grant(id);
  const account = { name: grant.account, serverId: grant.serverId };
  for (const left of await server.leftovers(account)) problems.push(`G6: revoked, but there is ${left}`);
  if (await house.hasSecret(grant)) problems.push("G6: revoked, but its secret is there");
  await session?.close().catch(() => undefined);
  if (step === "revoke") await server.byHand(server.database, "DROP TABLE IF EXISTS half_way");
  const droppedMs = epochMs(grant.revokedAt ?? house.clock.now()) - epochMs(grant.endsAt ?? grant.createdAt);
  return {
    effects,
    isDead,
    finding: { from: "the end", loginMs: undefined, sessionMs: undefined, droppedMs, lives: 1, problems },
  };
}

/** Longer than a broker's invocation, and what its slot lasts after it. */
const slotMs = 180_000;

const tablesOf = {
  postgres: ["customers", "orders", "events", "events_2026", "big_orders", "order_totals"],
  mysql: ["customers", "orders", "events", "big_orders"],
};
let scopes = 0;

function nextScope({ engine }: DatabaseServer): Scope {
  scopes += 1;
  const schema = engine === "postgres" ? "public" : "shop_a";
  const some = tablesOf[engine]
    .filter((_table, bit) => ((scopes % 2 ** tablesOf[engine].length) >> bit) % 2 === 1)
    .map((table) => ({ schema, table }));
  return { kind: "objects", objects: some.length > 0 ? some : [{ schema }] };
}

/** MySQL lends level ddl on named tables only. */
function scopeOfOwnTable({ engine }: DatabaseServer): Scope {
  return engine === "postgres"
    ? { kind: "database" }
    : { kind: "objects", objects: [{ schema: "shop_a", table: "half_way" }] };
}

async function ownSession(house: Installation, server: DatabaseServer, id: Grant["id"]) {
  const grant = await house.grant(id);
  const session = await loggedIn(server, grant.account, await house.credential(grant));
  await session.run("CREATE TABLE half_way (id int)");
  return session;
}

/** Turns as the timer would give them, with its waits skipped, until the grant has come to this. A broker that was stopped
 * keeps its slot until that runs out, so there are many looks before another one gets it. */
async function settle(house: Installation, id: Grant["id"], state: Grant["state"]): Promise<void> {
  for (let turns = 0; turns < 200; turns += 1) {
    const grant = await house.grant(id);
    if (grant.state === state && (state !== "active" || grant.databaseEndsAt === grant.endsAt)) return;
    const turn = (await house.turn(id)) as Turn;
    if (turn.next !== "wait") continue;
    if (turn.because === "no-slot" || (await house.grant(id)).state !== state) {
      house.clock.advance(Math.max(0, epochMs(turn.until) - house.clock.nowMs()));
    }
  }
  throw new Error(`the grant is ${(await house.grant(id)).state}, not ${state}, after 200 turns`);
}
