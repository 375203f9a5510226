import { orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import type { CredentialContext } from "@daypass/core/credential/credential.port.ts";
import { credentialView } from "@daypass/core/credential/credential.view.ts";
import { showCredential } from "@daypass/core/credential/show-credential.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { connectionStrings } from "@daypass/databases/postgres/connection-strings.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const from = (own: Story, ctx: ReturnType<Story["ctx"]>): CredentialContext => ({
  ...ctx,
  credentials: {
    async read({ account, secretName, database }: Grant) {
      const host = { host: "db.example.com", port: 5432, tls: "disable" } as const;
      const password = own.server.secrets.get(secretName) ?? "";
      const lines = connectionStrings(host, database.name, { username: account, password });
      return {
        engine: "postgres",
        host: host.host,
        port: host.port,
        database: database.name,
        username: account,
        password,
        uri: lines.uri,
        jdbc: lines.jdbc,
        psql: lines.psql,
        environment: lines.envLines,
      };
    },
  },
});
const show = (id: string, who: Parameters<Story["ctx"]>[0] = "engineer") =>
  showCredential(from(story, story.ctx(who)), { id });

test("the holder gets it, and exactly one event says that they did, without the secret", async () => {
  const grant = await story.activeGrant();
  const password = story.server.secrets.get(grant.secretName) ?? "none";
  let shown: Awaited<ReturnType<typeof show>> | undefined;
  const event = await leavesOneEvent(story.world, async () => {
    shown = await show(grant.id);
  });
  expect(credentialView.parse(shown)).toEqual(shown);
  expect(shown).toMatchObject({ username: grant.account, password, endsAt: grant.endsAt, database: "shop" });
  expect(event).toMatchObject({
    operation: "grant.show-credential",
    subjectId: grant.id,
    story: grant.story,
    actor: { id: story.world.people.engineer.id, via: "session" },
    database: { name: "shop", instance: "shop-production" },
    data: { account: grant.account },
  });
  expect(JSON.stringify(await story.world.events())).not.toContain(password);
});

test("each showing is recorded", async () => {
  const { id } = await story.activeGrant();
  const { events } = await story.world.watch(() => Promise.all([show(id), show(id)]));
  expect(events.map((event) => event.operation)).toEqual(["grant.show-credential", "grant.show-credential"]);
});

test("no record, no credential", async () => {
  const { id } = await story.activeGrant();
  const { client } = story.world.table;
  const broken = meanwhile(story.ctx("engineer"), () => Promise.reject(new Error("the table is away")));
  const { error, events } = await story.world.watch(() => showCredential(from(story, broken), { id }));
  expect(error).toMatchObject({ message: "the table is away" });
  expect(events).toEqual([]);
  expect(client).toBe(story.world.table.client);
});

test("access that ends at the same moment gives no credential", async () => {
  const { id } = await story.activeGrant();
  const slow = meanwhile(story.ctx("engineer"), () => endGrant(story.ctx("administrator"), { id }));
  await expect(showCredential(from(story, slow), { id })).rejects.toMatchObject({ code: "grant.changed" });
});

test("there is none before access begins, from its end on, and after", async () => {
  const own = await createStory();
  const { id } = await own.plannedGrant();
  const run = () => showCredential(from(own, own.ctx("engineer")), { id });
  await isRefused(own.world, run, "grant.not-active");
  await own.turn(id);
  await run();
  own.world.clock.advance({ minutes: 60 });
  await isRefused(own.world, run, "grant.not-active");
  await own.turn(id);
  await isRefused(own.world, run, "grant.not-active");
  await own.world.close();
});

test("only the holder: approvers, administrators and auditors are refused, a stranger finds nothing", async () => {
  const { id } = await story.activeGrant();
  for (const who of ["lead", "administrator", "auditor"] as const) {
    await isDenied(story.world, () => show(id, who), "grant.show-credential");
  }
  await isDenied(story.world, () => show(id, "analyst"), "grant.show-credential", "not-found");
  await isRefused(story.world, () => show(id, anonymous), "session.required");
});

test("a token needs the scope for it", async () => {
  const { id } = await story.activeGrant();
  const via = { kind: "token", id: "tok_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as never } as const;
  const token = { ...story.world.actor("engineer"), via };
  await isDenied(
    story.world,
    () => show(id, { ...token, scopes: ["read", "request"] }),
    "grant.show-credential",
    "token.scope",
  );
  expect(await show(id, { ...token, scopes: ["credential"] })).toMatchObject({ grantId: id });
});

test("bad input and unknown grants are refused", async () => {
  await isRefused(story.world, () => show("1"), "input.invalid");
  await isRefused(story.world, () => show("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

test("from the moment a kill switch was pulled nothing is shown, however far it was carried out", async () => {
  const own = await createStory();
  const grant = await own.activeGrant();
  await orderInstanceAccessEnd(own.ctx("administrator"), {
    id: own.registered.instance.id,
    reason: "the server was broken into",
  });
  const run = () => showCredential(from(own, own.ctx("engineer")), { id: grant.id });
  await isRefused(own.world, run, "grant.not-active");
  await own.world.close();
});
