import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { systemClock } from "@daypass/core/kernel/clock.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { workflowClient } from "@daypass/functions/clients/workflows.ts";
import { startExecution } from "@daypass/functions/control-plane/start-execution.ts";
import { monotonicFactory } from "ulid";
import { settings } from "../../integration/harness.ts";
import { appOver } from "../installation.ts";
import { grantMachineArn } from "./grant-machine.ts";
import { bePart } from "./part.ts";
import { pullSwitches } from "./pull-switch.ts";

/** The HTTP API, asked by people who look at their pages all the time. */
const bare = new DynamoDBClient({});
const client = DynamoDBDocumentClient.from(bare, { marshallOptions: { removeUndefinedValues: true } });
const ulid = monotonicFactory();
const ctx: Context = {
  actor: { kind: "anonymous" },
  clock: systemClock,
  ids: { ulid: () => ulid() },
  log: { info: () => undefined, warn: console.warn, error: console.error },
  requestId: "bench",
  table: { client, name: process.env["DAYPASS_TABLE"] ?? "" },
  settings: { ...settings, stack: process.env["DAYPASS_STACK"] ?? "" },
};
const workflows = workflowClient(process.env["AWS_REGION"] ?? "us-east-1");
const app = appOver(ctx, {
  async start({ id }, name) {
    await startExecution(workflows, { stateMachineArn: grantMachineArn, name, input: { grantId: id } });
  },
});

async function signIn(name: string, groups: readonly string[]) {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
  const profile = { issuer: "https://id.example.com", subject: name, name, email, groups: [...groups] };
  const { cookie, session } = await openSession(ctx, profile);
  return { id: session.userId, name, email, cookie };
}
const engineer = await signIn("Erin Vale", ["engineers"]);
const administrator = await signIn("Priya Castell", settings.roleGroups.administrator);
const auditor = await signIn("Oscar Brandt", ["auditors"]);

const pages = [
  { who: engineer, path: "/api/me" },
  { who: engineer, path: "/api/grants?view=mine" },
  { who: engineer, path: "/api/requests?view=mine" },
  { who: auditor, path: "/api/grants?view=active" },
  { who: auditor, path: "/api/audit" },
];

async function ask(index: number): Promise<number> {
  const page = pages[index % pages.length];
  if (!page) throw new Error("there is no page");
  const startedAt = performance.now();
  const answer = await app.request(page.path, { headers: { cookie: `__Host-daypass=${page.who.cookie}` } });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${page.path}: ${answer.status} ${body}`);
  return performance.now() - startedAt;
}

let asking: { isOver: boolean; done: Promise<number[]> } | undefined;

/** Ten calls a second, whether or not the one before was answered: whoever waits does not lower the load. */
function begin(): void {
  const run = { isOver: false, done: Promise.resolve<number[]>([]) };
  run.done = (async () => {
    const calls: Promise<number>[] = [];
    for (let index = 0; !run.isOver; index += 1) {
      calls.push(ask(index));
      await sleep(100);
    }
    return Promise.all(calls);
  })();
  asking = run;
}

async function end(): Promise<number[]> {
  if (!asking) return [];
  asking.isOver = true;
  return asking.done;
}

const { cookie: _secret, ...holder } = engineer;
type Question = "begin" | "end" | { pull: readonly string[] };
await bePart({ holder }, async (question: Question) => {
  if (question === "begin") return begin();
  if (question === "end") return end();
  return pullSwitches(app, { cookie: administrator.cookie, origin: settings.origin }, question.pull);
});
