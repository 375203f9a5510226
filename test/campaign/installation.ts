import {
  CreateSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand } from "@aws-sdk/client-sfn";
import type { Scope } from "@daypass/core/catalog/catalog.view.ts";
import { endInstanceAccess } from "@daypass/core/catalog/end-instance-access.ts";
import type { BrokerContext } from "@daypass/core/grant/account-engine.port.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { findGrant, listLiveGrants } from "@daypass/core/grant/grant.store.ts";
import { type Grant, grantIdOf } from "@daypass/core/grant/grant.ts";
import { grantWorkflow } from "@daypass/core/grant/grant.workflow.ts";
import { sweep } from "@daypass/core/grant/sweep.ts";
import { endUserAccess } from "@daypass/core/identity/end-user-access.ts";
import { instantOf } from "@daypass/core/kernel/clock.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { type Id, idSchema } from "@daypass/core/kernel/ids.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { extendGrant } from "@daypass/core/request/extend-grant.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { startExecution } from "@daypass/functions/control-plane/start-execution.ts";
import { reconcileByBroker, turnBroker } from "@daypass/functions/control-plane/turn-broker.ts";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import { z } from "zod";
import { createWorldAt, type Person, type World } from "../integration/harness.ts";
import { type Registered, register } from "../integration/registered.ts";
import { boundTo, clientsOf, environmentFor, silent } from "./bound-to-aws.ts";
import { type CampaignClock, createCampaignClock } from "./campaign-clock.ts";
import type { DatabaseServer } from "./database/database-server.ts";

/** Which of the three layers are switched on. */
export type Armed = { timer: boolean; sweeper: boolean };
type Level = "read" | "write" | "ddl";

/** Ledger, timers, sweeper, broker and secrets, all the real code, on one clock, before one real database server. */
export type Installation = {
  clock: CampaignClock;
  aws: Aws;
  /** What a broker in a process of its own needs. */
  environment: Readonly<Record<string, string>>;
  world: World<CampaignClock>;
  registered: Registered;
  server: DatabaseServer;
  armed: Armed;
  /** Stands between the broker's code and the outside; set by whoever wants to fail, count or stop a step. */
  wrap: (ctx: BrokerContext) => BrokerContext;
  /** How a call of the broker's function arrives: once and at once, unless somebody sees to it. */
  deliver: (call: () => Promise<unknown>) => Promise<unknown>;
  plan(ask?: { level?: Level; minutes?: number; scope?: Scope }): Promise<Grant>;
  grant(id: Id<"grant">): Promise<Grant>;
  credential(grant: Grant): Promise<string>;
  hasSecret(grant: Grant): Promise<boolean>;
  /** What a call of the broker gets. */
  context(by?: "workflow" | "sweeper"): BrokerContext;
  extend(id: Id<"grant">, minutes: number): Promise<void>;
  end(id: Id<"grant">): Promise<void>;
  /** The kill switch, for the holder of every grant here or for the instance. */
  endAll(of: "person" | "instance"): Promise<void>;
  /** One turn as the broker's function, here and now. */
  turn(id: Id<"grant">): Promise<unknown>;
  /** One more execution of the same definition. */
  secondTimer(id: Id<"grant">): Promise<void>;
  /** An execution under another definition of the timer, `<broker>` in it standing for the broker's address. */
  startUnder(definition: string, id: Id<"grant">): Promise<void>;
  sweep(): Promise<unknown>;
  tellSecret(): Promise<void>;
  /** Moves time on in steps; timers and sweeper get their chance after each. */
  pass(milliseconds: number, stepMs?: number): Promise<void>;
  /** Waits until the condition holds, moving time on by `stepMs` a look, or letting it run when that is zero. */
  waitFor(
    what: string,
    holds: () => Promise<boolean>,
    options?: { stepMs?: number; withinMs?: number },
  ): Promise<void>;
  close(): Promise<void>;
};

const policies: PolicyDocumentInput[] = [
  {
    name: "Engineers in production",
    effect: "allow",
    who: { groups: ["engineers"] },
    may: { levels: ["read", "write", "ddl"] },
    on: { environments: ["production"] },
    for: { maxDurationMinutes: 2880, maxTotalMinutes: 5760 },
    approval: [{ name: "Team lead", count: 1, groups: ["leads"] }],
  },
];

const brokerArn = "arn:aws:lambda:us-east-1:123456789012:function:broker";
const workflow = { kind: "system", name: "workflow" } as const satisfies Actor;
const sweeper = { kind: "system", name: "sweeper" } as const satisfies Actor;
/** Those of the broker's steps that timer and sweeper send. */
const by = z.literal("sweeper").optional();
const stepOfBroker = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("turn"), grantId: idSchema("grant"), by }),
  z.strictObject({ step: z.literal("reconcile"), instanceId: idSchema("instance"), by }),
]);

export async function openInstallation(
  server: DatabaseServer,
  { behindMs = 0, armed = { timer: true, sweeper: true } }: { behindMs?: number; armed?: Armed } = {},
): Promise<Installation> {
  const clock = createCampaignClock(behindMs);
  const world = await createWorldAt(clock);
  const registered = await register(world, policies, server);
  const busy = new Set<Promise<unknown>>();
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    busy.add(work);
    const forget = () => void busy.delete(work);
    work.then(forget, forget);
    return work;
  };
  const broker = async (event: unknown) => {
    const step = stepOfBroker.parse(event);
    return tracked(
      installation.deliver(async () => {
        if (step.step === "turn") return turn(step.grantId, step.by);
        await runReconciliation(installation.wrap(context(step.by)), step.instanceId);
        return null;
      }),
    );
  };
  const aws = await startAws({
    clock: clock.machine,
    handlers: { dynamodb: world.table.dynamoDb },
    functions: { broker: { timeoutMs: 110_000, load: () => Promise.resolve(broker) } },
  });
  const contexts = await boundTo(aws, world.table.name);
  const { secrets, workflows, functions } = clientsOf(aws);
  const machine = await workflows.send(
    new CreateStateMachineCommand({
      name: "grant",
      definition: JSON.stringify(grantWorkflow(brokerArn)),
      roleArn: "arn:aws:iam::123456789012:role/workflow",
    }),
  );
  const secretName = registered.instance.secretName;
  await secrets.send(
    new CreateSecretCommand({ Name: secretName, SecretString: JSON.stringify(server.secret()) }),
  );

  const ctx = (who: Person | Actor) => ({
    ...world.ctx(who),
    timers: {
      async start({ id }: { id: string }, name: string) {
        if (!installation.armed.timer) return;
        const stateMachineArn = machine.stateMachineArn ?? "";
        await startExecution(workflows, { stateMachineArn, name, input: { grantId: id } });
      },
    },
  });
  const invocationEnd = () => instantOf(clock.nowMs() + 120_000);
  const context = (name: "workflow" | "sweeper" = "workflow"): BrokerContext => {
    const { table, ids } = world;
    // The longest back-offs that chance can give.
    const random = () => 0;
    const made = contexts({ log: silent, requestId: "turn-of-the-campaign", endsAt: invocationEnd() }, name);
    return { ...made, table, clock, ids, random };
  };
  const turn = (id: Id<"grant">, by?: "sweeper") => advanceGrant(installation.wrap(context(by)), id);
  const caller = () => ({ client: functions, clock, endsAt: invocationEnd() });
  const sweepOnce = () =>
    tracked(
      sweep({
        ...ctx(sweeper),
        brokers: {
          turn: (_network, id) => turnBroker(caller(), "broker", id),
          reconcile: (_network, instanceId) => reconcileByBroker(caller(), "broker", instanceId),
        },
      }),
    );
  const settle = async () => {
    do {
      await Promise.allSettled(busy);
      // Answers of the turn on their way through HTTP and the workflow's next state.
      await new Promise((resolve) => setTimeout(resolve, 12));
    } while (busy.size > 0);
  };
  let isOpen = true;
  const sweepForEver = async () => {
    for (let next = clock.nowMs() + 60_000; isOpen; next = Math.max(next + 60_000, clock.nowMs() + 1)) {
      await clock.until(next);
      if (isOpen && installation.armed.sweeper) await sweepOnce().catch(() => undefined);
    }
  };

  const installation: Installation = {
    clock,
    aws,
    environment: environmentFor(aws, world.table.name),
    world,
    registered,
    server,
    armed: { ...armed },
    context,
    wrap: (given) => given,
    deliver: (call) => call(),
    async plan({ level = "read", minutes = 60, scope = { kind: "database" } as Scope } = {}) {
      const request = await createRequest(ctx("engineer"), {
        databaseId: registered.database.id,
        level,
        scope,
        durationMinutes: minutes,
        reason: "campaign",
      });
      await reviewRequest(ctx("lead"), { id: request.id, decision: "approve" });
      return installation.grant(grantIdOf(request.id));
    },
    async grant(id) {
      const found = await insistently(() => findGrant(world, id));
      if (!found) throw new Error("the grant is gone");
      return found;
    },
    async credential(grant) {
      return context().grantSecrets.create(
        grant.secretName,
        { engine: "", host: "", port: 0, dbname: "", username: "", password: "" },
        "not the token of its making",
      );
    },
    async hasSecret({ secretName: name }) {
      const found = await secrets.send(
        new ListSecretsCommand({ Filters: [{ Key: "name", Values: [name] }] }),
      );
      return (found.SecretList ?? []).length > 0;
    },
    async extend(id, minutes) {
      const filed = await extendGrant(ctx("engineer"), { id, durationMinutes: minutes, reason: "campaign" });
      await reviewRequest(ctx("lead"), { id: filed.id, decision: "approve" });
    },
    async end(id) {
      await endGrant(ctx("engineer"), { id });
    },
    async endAll(of) {
      const reason = "an incident";
      const administrator = ctx("administrator");
      if (of === "person") await endUserAccess(administrator, { id: world.people.engineer.id, reason });
      else await endInstanceAccess(administrator, { id: registered.instance.id, reason });
    },
    turn: (id) => tracked(turn(id)),
    async secondTimer(id) {
      await ctx(workflow).timers.start({ id }, `${id}-again`);
    },
    async startUnder(definition, id) {
      const { stateMachineArn = "" } = await workflows.send(
        new CreateStateMachineCommand({
          name: "grant-of-then",
          definition: definition.replaceAll("<broker>", brokerArn),
          roleArn: "arn:aws:iam::123456789012:role/workflow",
        }),
      );
      await startExecution(workflows, { stateMachineArn, name: id, input: { grantId: id } });
    },
    sweep: sweepOnce,
    async tellSecret() {
      const SecretString = JSON.stringify(server.secret());
      await secrets.send(new PutSecretValueCommand({ SecretId: secretName, SecretString }));
    },
    async pass(milliseconds, stepMs = 10_000) {
      for (let left = milliseconds; left > 0; left -= stepMs) {
        clock.advance(Math.min(left, stepMs));
        await settle();
      }
    },
    async waitFor(what, holds, { stepMs = 0, withinMs = 900_000 } = {}) {
      const giveUpAt = clock.nowMs() + withinMs;
      const patience = Date.now() + 300_000;
      while (!(await holds())) {
        if (clock.nowMs() > giveUpAt || Date.now() > patience)
          throw new Error(`it did not come to this: ${what}`, { cause: await standing(world) });
        if (stepMs > 0) await installation.pass(stepMs, stepMs);
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      isOpen = false;
      clock.advance(60_000);
      await Promise.allSettled(busy);
      await aws.close();
      await world.close();
    },
  };
  void sweepForEver();
  return installation;
}

/** Where the grants that are not over stand, and why: what a wait in vain leaves to be understood. */
async function standing(world: World<CampaignClock>): Promise<string> {
  const { items } = await insistently(() => listLiveGrants(world, { limit: 20 }));
  return items
    .map(({ state, failure, nextAttemptAt }) =>
      [state, failure?.step, failure?.message, nextAttemptAt].filter(Boolean).join(", "),
    )
    .join("; ");
}

/** The campaign's own reads go on while the table has its faults. */
async function insistently<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
