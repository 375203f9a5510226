import type { DatabaseView } from "@daypass/core/catalog/catalog.view.ts";
import type { CredentialView } from "@daypass/core/credential/credential.view.ts";
import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import type { RequestView } from "@daypass/core/request/request.view.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behind } from "./behind.ts";
import { Person } from "./person.ts";
import { accountsOn, type Psql, psql, runPsql } from "./psql.ts";
import { System, until } from "./system.ts";

let system: System;
let engineer: Person;
let analyst: Person;
let lead: Person;
let administrator: Person;
let auditor: Person;
let shop: DatabaseView;
beforeAll(async () => {
  system = await System.create();
  [engineer, analyst, lead, administrator, auditor] = await Promise.all([
    Person.signIn(system.url, "erin-vale"),
    Person.signIn(system.url, "nils-okoro"),
    Person.signIn(system.url, "tomoko-lind"),
    Person.signIn(system.url, "priya-castell"),
    Person.signIn(system.url, "oscar-brandt"),
  ]);
  shop = await engineer.database("shop", "production");
});
afterAll(() => system?.close());

test("someone who is suspended does not get in", async () => {
  await expect(Person.signIn(system.url, "jonas-wren")).rejects.toThrow(/user\.suspended|not signed in/);
});

describe("two minutes of reading the shop in production", () => {
  let request: RequestView;
  let grant: GrantView;
  let credential: CredentialView;
  let sleeper: Promise<Psql>;

  test("are asked for, and nobody but the team lead can approve them", async () => {
    request = await engineer.ask(shop.id, {
      scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] },
    });
    expect(request).toMatchObject({ status: "pending", level: "read", durationMinutes: 2 });
    const approve = { decision: "approve" };
    for (const [person, statuses] of [
      [engineer, [403]],
      [analyst, [404]],
      [auditor, [403]],
      [administrator, [403]],
    ] as const) {
      const { status } = await person.call("POST", `/api/requests/${request.id}/reviews`, approve);
      expect(statuses).toContain(status);
    }
    const inbox = await lead.get<{ items: RequestView[] }>("/api/requests?view=to-review");
    expect(inbox.items.map(({ id }) => id)).toEqual([request.id]);
  });

  test("give a psql line that works within 10 s of the approval", async () => {
    const approvedAt = Date.now();
    expect(await lead.approve(request.id)).toMatchObject({ status: "approved" });
    grant = await engineer.grantIn(request.id.replace("req_", "grt_"), ["active"], 10);
    credential = await engineer.credential(grant.id);
    const answer = await psql(credential.psql, "select count(*) > 0 from orders");
    expect(answer).toMatchObject({ code: 0, stdout: "t" });
    expect(Date.now() - approvedAt).toBeLessThan(10_000);
  });

  test("are told by mail: the lead is asked, the engineer hears the answer", async () => {
    const inside = await behind(system);
    const [asked, answered] = await until("mails", 20, async () => {
      const [toLead, toEngineer] = await Promise.all([
        inside.mailsTo("tomoko.lind@example.com"),
        inside.mailsTo("erin.vale@example.com"),
      ]);
      return toLead[0] && toEngineer[0] ? ([toLead[0], toEngineer[0]] as const) : undefined;
    });
    expect(asked.subject).toMatch(/Erin Vale/);
    expect(`${asked.text}${answered.text}`).toContain(`${system.url}/requests/${request.id}`);
    expect(`${asked.text}${answered.text}`).not.toContain(credential.password);
    expect(await inside.mailsTo("nils.okoro@example.com")).toEqual([]);
  });

  test("are shown to nobody but their holder", async () => {
    for (const person of [lead, administrator, auditor, analyst]) {
      expect(
        (await person.call("POST", `/api/grants/${grant.id}/credential`, {})).status,
      ).toBeGreaterThanOrEqual(403);
    }
  });

  test.each([
    ["an INSERT", "insert into orders default values"],
    ["an UPDATE", "update orders set status = status"],
    ["a CREATE TABLE", "create table mine (id int)"],
    ["a temporary table", "create temporary table mine (id int)"],
    ["a table outside the scope", "select count(*) from customers"],
    ["another schema", "select count(*) from support.tickets"],
    ["another role", "set role daypass_admin"],
  ])("PostgreSQL itself refuses %s", async (_what, statement) => {
    const answer = await psql(credential.psql, statement);
    expect(answer.code).not.toBe(0);
    expect(answer.stderr).toMatch(/permission denied|must be able to SET ROLE/);
  });

  test("end on time: the open session dies, a new login fails, the account and its secret are gone", async () => {
    sleeper = runPsql(credential.psql, "select pg_sleep(600)").ended;
    const secretsBefore = await (await behind(system)).secretNames();
    expect(secretsBefore.some((name) => name.endsWith(grant.id))).toBe(true);
    const endsAt = Date.parse(credential.endsAt);
    const { code, stderr, endedAt } = await sleeper;
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/terminating connection|server closed the connection/);
    expect(endedAt - endsAt).toBeGreaterThan(-1_000);
    expect(endedAt - endsAt).toBeLessThan(120_000);
    const login = await psql(credential.psql, "select 1");
    expect(login.code).not.toBe(0);

    const inside = await behind(system);
    const root = await inside.administrator();
    await until(
      "the account is absent",
      60 - (Date.now() - endsAt) / 1000,
      async () => !(await accountsOn(root)).includes(grant.account),
    );
    expect(await engineer.grantIn(grant.id, ["revoked"], 30)).toMatchObject({
      state: "revoked",
      endedBy: "expiry",
    });
    expect((await inside.secretNames()).some((name) => name.endsWith(grant.id))).toBe(false);
  });

  test("are told by the audit search, whole and in order", async () => {
    const story = (await auditor.events(`subject=${grant.id}`)).toReversed();
    const told = story
      .filter(({ outcome }) => outcome === "done")
      .map(({ operation, actor }) => `${operation} by ${actor.name}`);
    expect(told).toEqual([
      "request.create by Erin Vale",
      "request.review by Tomoko Lind",
      "grant.start by workflow",
      "grant.activate by workflow",
      "grant.show-credential by Erin Vale",
      "grant.begin-revocation by workflow",
      "grant.finish by workflow",
    ]);
    for (const event of story.filter(({ outcome }) => outcome === "done")) {
      expect(event.database).toMatchObject({ name: "shop", environment: "production" });
    }
    expect((await auditor.events(`subject=${request.id}`)).map(({ id }) => id)).toEqual(
      story.toReversed().map(({ id }) => id),
    );
    const denied = (await auditor.events("operation=request.review&outcome=denied")).map(
      ({ actor }) => actor.name,
    );
    expect(denied.toSorted()).toEqual(["Erin Vale", "Nils Okoro", "Oscar Brandt", "Priya Castell"]);
  });

  test("leave the password nowhere: not in table, logs, events, executions, mail or files", async () => {
    const inside = await behind(system);
    expect(credential.password.length).toBeGreaterThan(20);
    expect(await inside.tableText()).not.toContain(credential.password);
    expect(await inside.executionText()).not.toContain(credential.password);
    expect(await inside.databaseLog()).not.toContain(credential.password);
    expect(await inside.filesWith(credential.password)).toEqual([]);
    expect(system.output).not.toContain(credential.password);
    // The search itself finds what is there.
    expect(await inside.tableText()).toContain(grant.account);
    expect(await inside.executionText()).toContain(grant.id);
  });
});

test("an extension moves the end without a new credential, and I'm done ends it at once", async () => {
  const request = await engineer.ask(shop.id, { durationMinutes: 5 });
  await lead.approve(request.id);
  const grant = await engineer.grantIn(request.id.replace("req_", "grt_"), ["active"], 10);
  const credential = await engineer.credential(grant.id);
  const extension = await engineer.post<RequestView>(`/api/grants/${grant.id}/extensions`, {
    durationMinutes: 30,
    reason: "the query takes longer",
  });
  expect(extension).toMatchObject({ kind: "extension", status: "pending" });
  await lead.approve(extension.id);
  const later = await until("the database knows", 15, async () => {
    const now = await engineer.grant(grant.id);
    return now.databaseEndsAt === now.endsAt && now.endsAt !== grant.endsAt ? now : undefined;
  });
  expect(Date.parse(later.endsAt ?? "") - Date.parse(grant.endsAt ?? "")).toBe(30 * 60_000);
  expect((await psql(credential.psql, "select 1")).stdout).toBe("1");

  const session = runPsql(credential.psql, "select pg_sleep(600)").ended;
  const endedAt = Date.now();
  await engineer.post(`/api/grants/${grant.id}/end`);
  await engineer.grantIn(grant.id, ["revoked"], 20);
  expect((await session).endedAt - endedAt).toBeLessThan(20_000);
  expect((await psql(credential.psql, "select 1")).code).not.toBe(0);
  expect((await engineer.call("POST", `/api/grants/${grant.id}/credential`, {})).status).toBe(409);
});

test("two approvers at once: one wins, the other is told who", async () => {
  const request = await analyst.ask(shop.id, { durationMinutes: 5 });
  const again = await Person.signIn(system.url, "tomoko-lind");
  const answers = await Promise.all(
    [lead, again].map((person) =>
      person.call("POST", `/api/requests/${request.id}/reviews`, { decision: "approve" }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  const loser = answers.find(({ status }) => status === 409);
  expect(loser?.body).toMatchObject({ code: "request.already-decided", decidedBy: { name: "Tomoko Lind" } });
});
