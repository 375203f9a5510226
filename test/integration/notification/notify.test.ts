import { activateGrant } from "@daypass/core/grant/activate-grant.ts";
import { alarmGrant } from "@daypass/core/grant/alarm-grant.ts";
import { beginRevocation } from "@daypass/core/grant/begin-revocation.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { finishGrant } from "@daypass/core/grant/finish-grant.ts";
import { findGrant, savingGrant } from "@daypass/core/grant/grant.store.ts";
import { type Grant, moved } from "@daypass/core/grant/grant.ts";
import { quarantineGrant } from "@daypass/core/grant/quarantine-grant.ts";
import { recordFailure } from "@daypass/core/grant/record-failure.ts";
import { startGrant } from "@daypass/core/grant/start-grant.ts";
import { writeOffGrant } from "@daypass/core/grant/write-off-grant.ts";
import { savingUser } from "@daypass/core/identity/user.store.ts";
import { suspended } from "@daypass/core/identity/user.ts";
import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import type { Mail } from "@daypass/core/notification/mail.ts";
import { notify } from "@daypass/core/notification/notify.ts";
import { recordOrphan } from "@daypass/core/reconciliation/record-orphan.ts";
import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { lapseRequest } from "@daypass/core/request/lapse-request.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { type Registered, register } from "../registered.ts";

let world: World;
let registered: Registered;
let sent: Mail[];
let refuse: (mail: Mail) => boolean;
beforeEach(async () => {
  world = await createWorld();
  registered = await register(world);
  sent = [];
  refuse = () => false;
});
afterEach(() => world.close());

const workflow = () => world.ctx({ kind: "system", name: "workflow" });
const ask = (level: "read" | "write" = "read") => ({
  databaseId: registered.database.id,
  level,
  durationMinutes: 60,
  reason: "look at order 42",
});

function tell(event: AuditEvent | undefined): Promise<number> {
  if (!event) throw new Error("no event");
  const send = async (mail: Mail) => {
    if (refuse(mail)) throw new Error("mail is down");
    sent.push(mail);
  };
  return notify({ ...world.ctx({ kind: "anonymous" }), mail: { send } }, event);
}

/** Does it, and tells those whom its events concern; answers with who was written to, and about what. */
async function told(run: () => Promise<unknown>): Promise<string[]> {
  const before = sent.length;
  const { error, events } = await world.watch(run);
  expect(error).toBeUndefined();
  for (const event of events) await tell(event);
  return sent.slice(before).map(({ to, subject }) => `${to}: ${subject}`);
}

async function approved(): Promise<Grant> {
  const { id } = await createRequest(world.ctx("engineer"), ask());
  const { grantId } = await reviewRequest(world.ctx("lead"), { id, decision: "approve" });
  const grant = await findGrant(world, grantId ?? ("" as Id<"grant">));
  if (!grant) throw new Error("no grant");
  return grant;
}

async function active(): Promise<Grant> {
  const started = await startGrant(workflow(), await approved().then(({ id, version }) => ({ id, version })));
  return activateGrant(workflow(), { id: started.id, version: started.version });
}

describe("a request", () => {
  test("is told to the known people who may decide it, and not to its requester", async () => {
    expect(await told(() => createRequest(world.ctx("engineer"), ask()))).toEqual([
      "priya.castell@example.com: Erin Vale asks for read on shop",
      "tomoko.lind@example.com: Erin Vale asks for read on shop",
    ]);
    sent.length = 0;
    expect(await told(() => createRequest(world.ctx("lead"), ask()))).toEqual([
      "priya.castell@example.com: Tomoko Lind asks for read on shop",
    ]);
  });

  test("goes to the next step's approvers once the first has voted, and its decision to the requester", async () => {
    let id = "" as Id<"request">;
    const filing = async () => {
      ({ id } = await createRequest(world.ctx("engineer"), ask("write")));
    };
    expect(await told(filing)).toEqual(["tomoko.lind@example.com: Erin Vale asks for write on shop"]);
    expect(await told(() => reviewRequest(world.ctx("lead"), { id, decision: "approve" }))).toEqual([
      "priya.castell@example.com: Erin Vale asks for write on shop",
    ]);
    expect(await told(() => reviewRequest(world.ctx("administrator"), { id, decision: "approve" }))).toEqual([
      "erin.vale@example.com: Approved: write on shop",
    ]);
  });

  test("that was rejected or lapsed is told to the requester; one that they took back to nobody", async () => {
    const ctx = world.ctx("engineer");
    const [first, second, third] = [
      await createRequest(ctx, ask()),
      await createRequest(ctx, ask()),
      await createRequest(ctx, ask()),
    ];
    const rejection = { id: first.id, decision: "reject" as const, comment: "use staging" };
    expect(await told(() => reviewRequest(world.ctx("lead"), rejection))).toEqual([
      "erin.vale@example.com: Rejected: read on shop",
    ]);
    expect(await told(() => cancelRequest(ctx, { id: second.id }))).toEqual([]);
    world.clock.advance({ days: 8 });
    const sweeper = world.ctx({ kind: "system", name: "sweeper" });
    expect(await told(() => lapseRequest(sweeper, { id: third.id }))).toEqual([
      "erin.vale@example.com: Lapsed: read on shop",
    ]);
  });

  test("that was decided meanwhile is told to no approver any more", async () => {
    const { events } = await world.watch(async () => {
      const { id } = await createRequest(world.ctx("engineer"), ask());
      await cancelRequest(world.ctx("engineer"), { id });
    });
    for (const event of events) await tell(event);
    expect(sent).toEqual([]);
  });

  test("break-glass is told to administrators at once", async () => {
    const filing = () =>
      createRequest(world.ctx("engineer"), { ...ask(), durationMinutes: 30, breakGlass: true });
    expect(await told(filing)).toEqual(["priya.castell@example.com: Break-glass: Erin Vale opened shop"]);
  });

  test("whoever is suspended is not written to", async () => {
    await commitAll(world, [savingUser(world, suspended(world.people.lead, "left", world.clock.now()))]);
    expect(await told(() => createRequest(world.ctx("engineer"), ask()))).toEqual([
      "priya.castell@example.com: Erin Vale asks for read on shop",
    ]);
  });

  test("a denial is told to nobody", async () => {
    const { events } = await world.watch(() => createRequest(world.ctx("analyst"), ask()));
    expect(events).toMatchObject([{ outcome: "denied" }]);
    for (const event of events) await tell(event);
    expect(sent).toEqual([]);
  });
});

describe("a grant", () => {
  test("its holder is told when it can be used and when its account is gone", async () => {
    const planned = await approved();
    const started = await startGrant(workflow(), { id: planned.id, version: planned.version });
    const at = { id: started.id, version: started.version };
    expect(await told(() => activateGrant(workflow(), at))).toEqual([
      "erin.vale@example.com: Your access to shop is ready",
    ]);
    world.clock.advance({ hours: 1 });
    const ended = { id: at.id, version: at.version + 1, endedBy: "expiry" as const };
    expect(await told(() => beginRevocation(workflow(), ended))).toEqual([]);
    const gone = { id: at.id, version: at.version + 2, absentAt: world.clock.now(), sessionsEnded: 0 };
    expect(await told(() => finishGrant(workflow(), gone))).toEqual([
      "erin.vale@example.com: Your access to shop has ended",
    ]);
  });

  test("its holder is told when somebody else ends it, and not of what they did themselves", async () => {
    const [one, other] = [await active(), await active()];
    expect(
      await told(() => endGrant(world.ctx("administrator"), { id: one.id, reason: "incident" })),
    ).toEqual(["erin.vale@example.com: Your access to shop was ended"]);
    expect(sent.at(-1)?.text).toContain("Priya Castell ended your access");
    expect(sent.at(-1)?.text).toContain("> incident");
    expect(await told(() => endGrant(world.ctx("engineer"), { id: other.id }))).toEqual([]);
  });

  test("administrators are told of a failing revocation when it is an alarm, and of a quarantine at once", async () => {
    const grant = await active();
    world.clock.advance({ hours: 2 });
    let { version } = await beginRevocation(workflow(), { ...at(grant), endedBy: "expiry" });
    const failure = {
      step: "revoke",
      reason: "unreachable",
      message: "The server is away.",
      random: 0,
    } as const;
    const mails: string[][] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      mails.push(await told(() => recordFailure(workflow(), { id: grant.id, version, ...failure })));
      version += 1;
    }
    expect(mails).toEqual([[], [], [], []]);
    const alarm = (quiet: boolean, cause: "not-revoked" | "missing" = "not-revoked") =>
      alarmGrant(workflow(), {
        id: grant.id,
        version,
        cause,
        message: "The server is away.",
        others: 2,
        quiet,
      });
    expect(await told(() => alarm(false))).toEqual(["priya.castell@example.com: Look at an account on shop"]);
    expect(sent.at(-1)?.text).toContain("2 more on shop-production are like it.");
    const mail = "priya.castell@example.com: An account on shop cannot be revoked";

    const other = await active();
    world.clock.advance({ hours: 2 });
    const revoking = await beginRevocation(workflow(), { ...at(other), endedBy: "expiry" });
    const quarantine = {
      reason: "owned-objects" as const,
      message: "It owns tables.",
      blockers: [],
      remedy: [],
      random: 0,
    };
    expect(await told(() => quarantineGrant(workflow(), { ...at(revoking), ...quarantine }))).toEqual([mail]);
  });

  test("of many alarms that were noticed together one is told by mail", async () => {
    const grant = await active();
    const quiet = { ...at(grant), cause: "missing", message: "It is not there.", quiet: true } as const;
    expect(await told(() => alarmGrant(workflow(), quiet))).toEqual([]);
  });

  test("administrators are told of an account that no grant knows, and with how many others it was found", async () => {
    const orphan = {
      instanceId: registered.instance.id,
      account: "dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
      grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
    };
    const found = () => recordOrphan(workflow(), { outcome: "found", ...orphan, others: 4 });
    expect(await told(found)).toEqual([
      "priya.castell@example.com: An account on shop-production that no grant knows",
    ]);
    expect(sent.at(-1)?.text).toMatch(/4 more were found with it[\s\S]+dropped after 10 June 2026/);
    expect(await told(() => recordOrphan(workflow(), { outcome: "gone", ...orphan }))).toEqual([]);
    expect(await told(() => recordOrphan(workflow(), { outcome: "found", ...orphan, quiet: true }))).toEqual(
      [],
    );
  });

  test("administrators are told when one of them writes an account off, and that nobody saw it absent", async () => {
    const grant = await active();
    world.clock.advance({ hours: 2 });
    const { version } = await beginRevocation(workflow(), { ...at(grant), endedBy: "expiry" });
    const failure = { step: "revoke", reason: "unreachable", message: "Away.", random: 0 } as const;
    await recordFailure(workflow(), { id: grant.id, version, ...failure });
    world.clock.advance({ hours: 2 });
    const reason = "The server was deleted.";
    const off = () =>
      writeOffGrant(world.ctx("administrator"), { id: grant.id, version: version + 1, reason });
    expect(await told(off)).toEqual(["priya.castell@example.com: An account on shop was written off"]);
    expect(sent.at(-1)?.text).toContain("Nobody saw it absent.");
  });

  test("its holder is told when it does not come about", async () => {
    const planned = await approved();
    let { version } = await startGrant(workflow(), at(planned));
    const failure = {
      step: "provision",
      reason: "unreachable",
      message: "The server is away.",
      random: 0,
    } as const;
    const mails: string[][] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      mails.push(await told(() => recordFailure(workflow(), { id: planned.id, version, ...failure })));
      version += 1;
    }
    const mail = "erin.vale@example.com: Your access to shop could not be provided";
    expect(mails).toEqual([[], [], [mail], []]);
    expect(sent.at(-1)?.text).toContain("> The server is away.");
    expect(
      await told(() => beginRevocation(workflow(), { id: planned.id, version, endedBy: "failure" })),
    ).toEqual([mail]);
  });

  test("what is over by the time it is told is not told", async () => {
    const { events } = await world.watch(active);
    const grant = await findGrant(world, events.at(-1)?.subjectId as Id<"grant">);
    if (!grant) throw new Error("no grant");
    await commitAll(world, [savingGrant(world, moved(grant, "revoking", { endedBy: "holder" }))]);
    await tell(events.find(({ operation }) => operation === "grant.activate"));
    expect(sent).toEqual([]);
  });
});

describe("delivery", () => {
  const filed = async () => {
    const { events } = await world.watch(() => createRequest(world.ctx("engineer"), ask()));
    return events.find(({ operation }) => operation === "request.create");
  };

  test("an event that comes again is not told again", async () => {
    const event = await filed();
    expect(await tell(event)).toBe(2);
    expect(await tell(event)).toBe(0);
    expect(sent).toHaveLength(2);
  });

  test("one who could not be written to is tried again alone", async () => {
    const event = await filed();
    refuse = ({ to }) => to.startsWith("priya");
    await expect(tell(event)).rejects.toThrow("mail is down");
    expect(sent.map(({ to }) => to)).toEqual(["tomoko.lind@example.com"]);
    refuse = () => false;
    expect(await tell(event)).toBe(1);
    expect(sent.map(({ to }) => to)).toEqual(["tomoko.lind@example.com", "priya.castell@example.com"]);
  });

  test("two at once write once", async () => {
    const event = await filed();
    await Promise.allSettled([tell(event), tell(event), tell(event)]);
    expect(sent.map(({ to }) => to).toSorted()).toEqual([
      "priya.castell@example.com",
      "tomoko.lind@example.com",
    ]);
  });

  test("what is older than a day is no news", async () => {
    const event = await filed();
    world.clock.advance({ hours: 25 });
    expect(await tell(event)).toBe(0);
    expect(sent).toEqual([]);
  });
});

const at = ({ id, version }: Grant) => ({ id, version });
