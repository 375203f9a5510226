import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Turn } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { grantWorkflow, maxTurns } from "@daypass/core/grant/grant.workflow.ts";
import { type Instant, instantOf } from "@daypass/core/kernel/clock.ts";
import { machineClock } from "@daypass/local/aws/server/clock.ts";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import aslValidator from "asl-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStory } from "../story.ts";

const arn = "arn:aws:lambda:us-east-1:123456789012:function:broker";
const definition = grantWorkflow(arn);
const grantId = "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
const start = Date.UTC(2026, 5, 9, 12);

let aws: Aws;
let client: SFNClient;
let stateMachineArn: string;
let nowMs = start;
const clock = machineClock(() => nowMs);
/** What the broker does with its next call. */
let broker: (event: unknown) => unknown;
const calls: { event: unknown; atMs: number }[] = [];
const entered = new Set<string>();
beforeAll(async () => {
  const load = async () => (event: unknown) => {
    calls.push({ event, atMs: nowMs });
    return broker(event);
  };
  aws = await startAws({ clock, functions: { broker: { timeoutMs: 2000, load } } });
  client = new SFNClient({
    endpoint: aws.url,
    region: "us-east-1",
    credentials: {
      accessKeyId: aws.environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: aws.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  const made = await client.send(
    new CreateStateMachineCommand({
      name: "grant",
      definition: JSON.stringify(definition),
      roleArn: "arn:aws:iam::123456789012:role/workflow",
    }),
  );
  stateMachineArn = made.stateMachineArn ?? "";
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

/** Starts it for one grant and moves time on, a step whenever nothing happens, until it ends. */
async function run(given: (event: unknown) => unknown, { stepMs = 30_000, id = grantId } = {}) {
  broker = given;
  calls.length = 0;
  const input = JSON.stringify({ grantId: id });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  let execution: DescribeExecutionCommandOutput;
  do {
    for (let moves = 0; moves < 10; moves += 1) {
      move(stepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    execution = await client.send(new DescribeExecutionCommand({ executionArn }));
  } while (execution.status === "RUNNING");
  const events = await history(executionArn ?? "");
  for (const { stateEnteredEventDetails } of events) entered.add(stateEnteredEventDetails?.name ?? "");
  entered.delete("");
  return { status: execution.status, last: lastOf(events), events, turns: calls.length };
}

function move(ms: number) {
  nowMs += ms;
  clock.advance(0);
}

async function history(executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken ? { nextToken } : {}) }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

function lastOf(events: HistoryEvent[]): string | undefined {
  return events.findLast((event) => event.stateEnteredEventDetails)?.stateEnteredEventDetails?.name;
}

const wait = (ms: number): Turn => ({ next: "wait", until: instantOf(nowMs + ms) });
const done: Turn = { next: "done" };
/** Gives these one after the other, and then the last for ever. */
const inTurn = (...answers: (() => unknown)[]) => {
  let given = 0;
  return () => answers[Math.min(given++, answers.length - 1)]?.();
};
const fail = () => {
  throw new Error("no connection");
};

test("the definition is valid Amazon States Language", () => {
  const { isValid, errorsText } = aslValidator(structuredClone(definition));
  expect(errorsText("; ")).toBe("");
  expect(isValid).toBe(true);
});

describe("the timer of a grant", () => {
  test("ends when nothing is left to do", async () => {
    expect(await run(() => done)).toMatchObject({ status: "SUCCEEDED", last: "Done", turns: 1 });
  });

  test("gives the broker the grant's id and nothing else, at every turn", async () => {
    await run(
      inTurn(
        () => wait(60_000),
        () => ({ next: "again" }),
        fail,
        () => done,
      ),
    );
    expect(calls.map(({ event }) => event)).toEqual(calls.map(() => ({ step: "turn", grantId })));
  });

  test("sleeps until the moment that the broker named, also one far away", async () => {
    const started = nowMs;
    const until = instantOf(started + 40 * 86_400_000);
    const { last } = await run(
      inTurn(
        () => ({ next: "wait", until }),
        () => done,
      ),
      { stepMs: 86_400_000 },
    );
    expect(last).toBe("Done");
    expect(calls).toHaveLength(2);
    expect(calls[1]?.atMs).toBeGreaterThanOrEqual(Date.parse(until));
  });

  test("looks again after a second when the broker was overtaken", async () => {
    const { events } = await run(
      inTurn(
        () => ({ next: "again" }),
        () => done,
      ),
    );
    const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    expect(states).toEqual(["Begin", "Turn", "Count", "Decide", "Pause", "Turn", "Count", "Decide", "Done"]);
    expect(definition.States.Pause.Seconds).toBe(1);
  });

  test("tries a call that failed again, and rests when it kept failing, and goes on", async () => {
    const { status, last, turns, events } = await run(inTurn(fail, () => done));
    expect([status, last, turns]).toEqual(["SUCCEEDED", "Done", 2]);
    expect(events.some((event) => event.stateEnteredEventDetails?.name === "Rest")).toBe(false);
    const rested = await run(inTurn(fail, fail, fail, fail, fail, fail, () => done));
    expect([rested.status, rested.last, rested.turns]).toEqual(["SUCCEEDED", "Done", 7]);
    const rests = rested.events.filter((event) => event.stateEnteredEventDetails?.name === "Rest");
    expect(rests).toHaveLength(1);
  });

  test("outlives a broker that does not answer in time", async () => {
    const late = () => new Promise(() => undefined);
    const { status, last } = await run(inTurn(late, () => done));
    expect([status, last]).toEqual(["SUCCEEDED", "Done"]);
  });

  test.each([
    ["nothing", null],
    ["an empty object", {}],
    ["text", "done"],
    ["a wait without its end", { next: "wait" }],
    ["a wait until no moment", { next: "wait", until: "tomorrow" }],
    ["a word from a newer version", { next: "escalate", to: "somebody" }],
  ])("outlives an answer that is %s: it looks again", async (_what, answer) => {
    const { status, last, turns } = await run(
      inTurn(
        () => answer,
        () => done,
      ),
    );
    expect([status, last, turns]).toEqual(["SUCCEEDED", "Done", 2]);
  });

  test.each([
    ["waits", () => wait(1000)],
    ["looks again", () => ({ next: "again" })],
    ["fails", fail],
  ])(
    "that %s for ever hands over to the sweeper, long before the limit of history",
    async (_what, answer) => {
      const { status, last, turns, events } = await run(answer, { stepMs: 120_000 });
      expect([status, last]).toEqual(["SUCCEEDED", "HandOver"]);
      expect(turns).toBe(answer === fail ? maxTurns * 5 : maxTurns);
      expect(events.length).toBeLessThan(10_000);
    },
  );
});

describe("with the ledger", () => {
  test("a grant is lent and taken back by its timer alone, and no secret comes near the execution", async () => {
    const story = await createStory();
    const { id, account, secretName } = await story.plannedGrant();
    const before = nowMs;
    nowMs = Date.parse(story.world.clock.now());
    let secret: string | undefined;
    const { last, events, turns } = await run(
      async () => {
        story.world.clock.advance({ ms: Math.max(0, nowMs - Date.parse(story.world.clock.now())) });
        const turn = await story.turn(id);
        secret ??= story.server.secrets.get(secretName);
        return turn;
      },
      { stepMs: 5 * 60_000, id },
    );
    expect([last, turns]).toEqual(["Done", 2]);
    expect(await story.grant(id)).toMatchObject({ state: "revoked", endedBy: "expiry" });
    expect(story.server.accounts.has(account)).toBe(false);
    expect(secret).toBeTypeOf("string");
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(account);
    nowMs = Math.max(before, nowMs);
    await story.world.close();
  });

  test("a grant that was ended early is found revoked, and the sleeper has nothing left to do", async () => {
    const story = await createStory();
    const { id } = await story.plannedGrant();
    nowMs = Math.max(nowMs, Date.parse(story.world.clock.now()));
    let isFirst = true;
    const { last } = await run(
      async () => {
        const turn = await story.turn(id);
        if (isFirst) {
          isFirst = false;
          await endGrant(story.ctx("engineer"), { id });
          await story.turn(id);
          return { next: "wait", until: instantOf(nowMs + 60_000) satisfies Instant };
        }
        return turn;
      },
      { id },
    );
    expect(last).toBe("Done");
    expect(await story.grant(id)).toMatchObject({ state: "revoked", endedBy: "holder" });
    await story.world.close();
  });
});

test("every state was entered by these tests", () => {
  expect([...entered].toSorted()).toEqual(Object.keys(definition.States).toSorted());
});
