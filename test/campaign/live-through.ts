import type { Scope } from "@daypass/core/catalog/catalog.view.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import type { Finding } from "./cell.ts";
import type { AccountOnServer, DatabaseServer, OpenSession } from "./database/database-server.ts";
import { noLoginAfterMs, visibleAfterMs } from "./guarantee.ts";
import { type Armed, type Installation, openInstallation } from "./installation.ts";
import { openSessions, type Testimony, type Witness, watch } from "./witness.ts";

/** A life under way: the account is active, its sessions are open, it is being watched. */
export type Stage = {
  house: Installation;
  server: DatabaseServer;
  id: Grant["id"];
  account: AccountOnServer;
  password: string;
  /** Passwords that the witness tries; add those that the account gave itself. */
  passwords: string[];
  sessions: OpenSession[];
  endMs(): number;
  witness: Witness;
  /** What was seen on the way that is outside the guarantee. */
  problems: string[];
  isHidden: boolean;
  /** Ends the fault that a cell began before the end. */
  cleanUp: () => Promise<void>;
};

export type Scenario = {
  /** Whether the server's own switch is left on. */
  database?: boolean;
  armed?: Armed;
  level?: "read" | "write" | "ddl";
  /** The whole database unless said otherwise. */
  scope?: Scope;
  sessions?: number;
  /** Where the timer cannot do it: the first turn is called directly. */
  isMadeByHand?: boolean;
  /** How long after its making the account ends, by the clock of the database server. */
  leadMs?: number;
  /** Before the account is made. */
  before?(house: Installation): Promise<void>;
  whileActive?(stage: Stage): Promise<void>;
  /** The fault at the end. Resolves to the instant that times are counted from, when that is not the end. */
  atEnd?(stage: Stage): Promise<{ from: Finding["from"]; ms: number } | void>;
  /** What it has to come to; revoked unless said otherwise. */
  until?: "revoked" | "login refused" | "quarantined" | "absent";
  /** Where our own record-keeping is what fails, nothing can be on record meanwhile. */
  isHidden?: boolean;
  /** Somebody closed it before its end, by hand: not ours to promise. */
  isClosedEarly?: boolean;
  /** Looks at what came of it, with everything at rest. */
  after?(stage: Stage): Promise<string[]>;
};

const hourMs = 3_600_000;

/** Leads one grant through its whole life against the real server, with a fault, and tells what was seen. */
export async function liveThrough(server: DatabaseServer, scenario: Scenario): Promise<Finding> {
  const { armed = { timer: true, sweeper: true }, leadMs = 4_000, until = "revoked" } = scenario;
  const house = await openInstallation(server, { behindMs: hourMs - leadMs, armed });
  let witness: Witness | undefined;
  try {
    await scenario.before?.(house);
    const { id } = await house.plan({
      level: scenario.level ?? "read",
      ...(scenario.scope === undefined ? {} : { scope: scenario.scope }),
    });
    if (!armed.timer || scenario.isMadeByHand) await house.turn(id);
    await house.waitFor("the grant is active", async () => (await house.grant(id)).state === "active");
    const grant = await house.grant(id);
    const password = await house.credential(grant);
    const account = { name: grant.account, serverId: grant.serverId };
    if (scenario.database === false) await server.withoutSwitch(account);
    const sessions = await openSessions(server, grant.account, password, scenario.sessions ?? 2);
    const passwords = [password];
    let endMs = epochMs(grant.endsAt ?? grant.createdAt);
    house.clock.advance(hourMs - leadMs);
    witness = watch(server, {
      account,
      passwords,
      saysRevoked: async () => (await house.grant(id)).state === "revoked",
      now: () => house.clock.nowMs(),
    });
    const problems: string[] = [];
    const stage = {
      house,
      server,
      id,
      account,
      password,
      passwords,
      sessions,
      endMs: () => endMs,
      witness,
      problems,
      isHidden: scenario.isHidden ?? false,
      cleanUp: () => Promise.resolve(),
    };
    const endNow = async () => {
      endMs = epochMs((await house.grant(id)).endsAt ?? grant.createdAt);
    };
    await scenario.whileActive?.(stage);
    await endNow();
    if (until !== "absent") await house.clock.until(endMs);
    const counted = await scenario.atEnd?.(stage);
    await endNow();
    const from = counted?.ms ?? endMs;
    await comesTo(until, stage, from);
    problems.push(...(await hiddenFailures(stage, from)), ...((await scenario.after?.(stage)) ?? []));
    if ((await house.grant(id)).state === "revoked") await looksOnceMore(stage);
    const testimony = await witness.stop();
    if (until === "revoked" || until === "absent") problems.push(...(await leftBehind(stage)));
    problems.push(...untruths(testimony, scenario.isClosedEarly ? 0 : endMs));
    for (const session of sessions) await session.close().catch(() => undefined);
    const final = await house.grant(id);
    const after = (ms: number | undefined) => (ms === undefined ? undefined : ms - from);
    return {
      from: counted?.from ?? "the end",
      loginMs: after(testimony.lastLogin),
      sessionMs: after(testimony.lastSession),
      droppedMs: after(testimony.absentSince),
      quarantined: final.state === "quarantined" ? (final.failure?.reason ?? "without a reason") : undefined,
      lives: 1,
      problems,
    };
  } finally {
    await witness?.stop();
    await house.close();
  }
}

/** Lets real time run for a moment, since the server's switch lives by it, then moves time on until it has come. */
async function comesTo(what: NonNullable<Scenario["until"]>, stage: Stage, from: number): Promise<void> {
  const { house, id, witness } = stage;
  if (what === "login refused") {
    await house.clock.until(from + 1_500);
    await house
      .waitFor("the server refuses it", async () => witness.testimony().firstRefusal !== undefined, {
        withinMs: noLoginAfterMs[stage.server.engine] + 30_000,
      })
      .catch(() => stage.problems.push("G1: the server itself goes on letting its holder in"));
    return;
  }
  const isSo = async () =>
    what === "absent"
      ? !(await stage.server.hasAccount(stage.account))
      : (await house.grant(id)).state === what;
  const soon = Date.now() + 3_000;
  while (Date.now() < soon && !(await isSo())) await new Promise((resolve) => setTimeout(resolve, 30));
  // What is not over by then is outside the guarantee, and still has to be seen through for the table.
  await house
    .waitFor(`the grant is ${what}`, isSo, { stepMs: 5_000, withinMs: 3_600_000 })
    .catch(() => undefined);
  if (what === "revoked" || what === "absent") await looksOnceMore(stage);
}

/** What has just come about is still to be seen. */
async function looksOnceMore({ house, witness }: Stage): Promise<void> {
  const { looks } = witness.testimony();
  await house.waitFor("the witness looked once more", async () => witness.testimony().looks > looks + 1);
}

/** G6: what is not over by then says so on its record. */
async function hiddenFailures({ house, id }: Stage, from: number): Promise<string[]> {
  const grant = await house.grant(id);
  const isOver = grant.state === "revoked";
  if (isOver || grant.failure || house.clock.nowMs() < from + visibleAfterMs) return [];
  return [`G6: it is ${grant.state} and nothing says why`];
}

async function leftBehind({ server, account, house, id }: Stage): Promise<string[]> {
  const left = await server.leftovers(account);
  const { state } = await house.grant(id);
  if (state !== "revoked") return [`G3: the grant is ${state}`];
  return left.map((what) => `G6: revoked, but there is ${what}`);
}

/** G6 and G7: what the ledger said and the server did too early. */
function untruths({ saidTooEarly, firstRefusal }: Testimony, endMs: number): string[] {
  const problems: string[] = [];
  if (saidTooEarly) problems.push("G6: revoked was said while the account was there");
  if (firstRefusal !== undefined && firstRefusal < endMs - 250)
    problems.push(`G7: a login was refused ${((endMs - firstRefusal) / 1000).toFixed(1)} s before the end`);
  return problems;
}
