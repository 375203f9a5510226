import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TimerContext } from "@daypass/core/grant/timer.port.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { type UserRef, userRefView } from "@daypass/core/identity/user.view.ts";
import { systemClock } from "@daypass/core/kernel/clock.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { tableDefinition } from "@daypass/core/kernel/table.definition.ts";
import type { Write } from "@daypass/core/kernel/table.ts";
import { lendingProblem, privilegesOf } from "@daypass/functions/control-plane/privileges.ts";
import { createApp } from "@daypass/functions/http/app.ts";
import { startAws } from "@daypass/local/aws/start-aws.ts";
import { createDynamoDb, type DynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { monotonicFactory } from "ulid";
import { settings } from "../integration/harness.ts";
import { meterReads, type Work } from "./read-meter.ts";

/** The HTTP API in this process, over a DynamoDB on disk that it reaches by its clients over loopback. */
export type Installation = {
  ctx: Context;
  /** Lets somebody sign in; the session is kept for `get`. */
  signIn(name: string, groups: readonly string[]): Promise<UserRef>;
  /** The answer to somebody who is signed in; throws unless it is a 200. */
  get(who: UserRef, path: string): Promise<{ items?: unknown[] }>;
  /** Puts the items of these writes, without their conditions. */
  load(writes: Iterable<Write>): Promise<void>;
  take(): Work;
  close(): Promise<void>;
};

export async function createInstallation(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-bench-"));
  const dynamodb = await createDynamoDb({ folder });
  const aws = await startAws({ handlers: { dynamodb } });
  const bare = new DynamoDBClient({
    region: "us-east-1",
    endpoint: aws.url,
    credentials: {
      accessKeyId: aws.environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: "not-checked-on-one-machine",
    },
  });
  const name = "daypass";
  // Nobody follows the stream here, and loading would write every item twice.
  const { StreamSpecification: _none, ...definition } = tableDefinition(name);
  await bare.send(new CreateTableCommand(definition));
  const meter = meterReads(bare);
  const client = DynamoDBDocumentClient.from(bare, { marshallOptions: { removeUndefinedValues: true } });
  const ulid = monotonicFactory();
  const ctx: Context = {
    actor: { kind: "anonymous" },
    clock: systemClock,
    ids: { ulid: () => ulid() },
    log: { info: () => undefined, warn: console.warn, error: console.error },
    requestId: "bench",
    table: { client, name },
    settings,
  };
  const app = appOver(ctx);
  const cookies = new Map<string, string>();
  return {
    ctx,
    async signIn(person, groups) {
      const email = `${person.toLowerCase().replaceAll(" ", ".")}@example.com`;
      const profile = {
        issuer: "https://id.example.com",
        subject: person,
        name: person,
        email,
        groups: [...groups],
      };
      const { cookie, session } = await openSession(ctx, profile);
      cookies.set(session.userId, cookie);
      return userRefView.parse({ id: session.userId, name: person, email });
    },
    async get(who, path) {
      const headers = { cookie: `__Host-daypass=${cookies.get(who.id)}` };
      const answer = await app.request(path, { headers });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    },
    load: (writes) => load(dynamodb, name, writes),
    take: meter.take,
    async close() {
      client.destroy();
      bare.destroy();
      await aws.close();
      await dynamodb.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The API of a context, as it answers people who look at pages: what starts something is not there, but for timers
 * where they are given. */
export function appOver(ctx: Context, timers?: TimerContext["timers"]) {
  const nothing = () => Promise.reject(new Error("pages start nothing"));
  return createApp({
    origin: settings.origin,
    version: "0.0.0",
    originSecretDigests: [],
    countFault: () => undefined,
    perMinute: { signIns: 1000, changes: 1000, previews: 1000 },
    logFor: () => ctx.log,
    contextFor: (call) => ({
      ...ctx,
      ...call,
      limits: { endsAt: call.endsAt },
      privileges: (database, level, scope) => privilegesOf(settings.stack, database, level, scope),
      lendingProblem,
      credentials: { read: nothing },
      runners: { testAccess: nothing },
      timers: timers ?? { start: nothing },
      workflows: { startInspection: nothing, startReconciliation: nothing },
      openid: {
        settings: {
          issuer: "https://id.example.com",
          clientId: "daypass",
          clientSecret: "",
          redirectUri: `${settings.origin}/api/sign-in/callback`,
          postLogoutRedirectUri: `${settings.origin}/`,
          scope: "openid",
          groupsClaim: "groups",
          clientAuthentication: "basic",
        },
        configuration: nothing,
      },
    }),
  });
}

const batchSize = 25;

/** As the AWS client would send them, but without it: it takes as long as the table itself. */
async function load(dynamodb: DynamoDb, table: string, writes: Iterable<Write>): Promise<void> {
  const left = writes[Symbol.iterator]();
  for (let puts = nextPuts(left); puts.length > 0; puts = nextPuts(left)) {
    const answer = await dynamodb.handle(
      new Request("http://dynamodb.test/", {
        method: "POST",
        headers: {
          "x-amz-target": "DynamoDB_20120810.BatchWriteItem",
          authorization: "AWS4-HMAC-SHA256 Credential=bench, SignedHeaders=host, Signature=unused",
        },
        body: JSON.stringify({ RequestItems: { [table]: puts } }),
      }),
    );
    if (answer.status !== 200) throw new Error(await answer.text());
  }
}

function nextPuts(left: Iterator<Write>) {
  const puts = [];
  while (puts.length < batchSize) {
    const next = left.next();
    if (next.done) break;
    const { Put } = next.value.action;
    if (!Put?.Item) throw new Error("only puts can be loaded");
    puts.push({ PutRequest: { Item: marshall(Put.Item, { removeUndefinedValues: true }) } });
  }
  return puts;
}
