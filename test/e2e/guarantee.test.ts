import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings, go, openBrowser, see, tabTo, Visitor } from "./browser-context.ts";
import { administratorOf, ownerOf } from "./owner.ts";
import { Person } from "./person.ts";
import { psql } from "./psql.ts";
import { System } from "./system.ts";

const seconds = 1_000;
let system: System;
let browser: Browser;
let engineer: Person;
let lead: Person;
let holder: Page;
let administrator: Page;
const everybody: Visitor[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  system = await System.create();
  engineer = await Person.signIn(system.url, "erin-vale");
  lead = await Person.signIn(system.url, "tomoko-lind");
  holder = await signIn("erin-vale");
  administrator = await signIn("priya-castell");
}, 120 * seconds);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

async function signIn(person: string): Promise<Page> {
  const visitor = await Visitor.open(browser, system.url);
  everybody.push(visitor);
  return visitor.signIn(person);
}

async function lend(name: string, environment: string, more: Record<string, unknown>): Promise<GrantView> {
  const database = await engineer.database(name, environment);
  const request = await engineer.ask(database.id, { durationMinutes: 60, ...more });
  if (request.status === "pending") await lead.approve(request.id);
  return engineer.grantIn(request.id.replace("req_", "grt_"), ["active"], 60);
}

describe("a grant that runs", () => {
  test("shows the three layers that will end it, each with what it does and when", async () => {
    const grant = await lend("shop", "production", {});
    await go(holder, `/grants/${grant.id}`);
    await see(holder, /^Refuses new logins from \d\d:\d\d:\d\d on, also if all of Daypass is down\.$/);
    await see(holder, /^Sleeps until \d\d:\d\d:\d\d, then closes sessions/);
    await see(holder, /^Looked .* ago\. Once a minute|^Looked just now\. Once a minute/, 70 * seconds);
    await engineer.post(`/api/grants/${grant.id}/end`);
    await see(holder, /^Revoked: a query of the server showed the account absent$/, 20 * seconds);
  });
});

describe("an account that cannot be dropped", () => {
  let grant: GrantView;
  let lock: Awaited<ReturnType<typeof ownerOf>>;

  beforeAll(async () => {
    grant = await lend("shop_staging", "staging", { level: "ddl" });
    const { psql: line } = await engineer.credential(grant.id);
    expect((await psql(line, "create table leftovers as select 1 as n")).code).toBe(0);
    lock = await ownerOf(system, "shop_staging");
    await lock.query("begin");
    await lock.query("select * from leftovers");
    await engineer.post(`/api/grants/${grant.id}/end`);
    await engineer.grantIn(grant.id, ["quarantined"], 60);
  }, 120 * seconds);
  afterAll(() => lock.end());

  test("tells its holder calmly that it is locked and nothing is to be done", async () => {
    await go(holder, "/");
    await see(holder, "Your access is over. Removing the account takes longer than usual; it is locked.");
    await see(holder, "You need not do anything.");
    await holder.getByRole("heading", { name: "Being taken back" }).waitFor();
    expect(await holder.getByRole("heading", { name: "Running" }).count()).toBe(0);
    expect(await holder.getByText("holds a lock on leftovers").isVisible()).toBe(false);
    await holder.getByText("What stands in the way").click();
    await see(holder, /process \d+ of postgres holds a lock on leftovers/);
  });

  test("stands on the administrator's front page, and tells by name what blocks it and what to run", async () => {
    await go(administrator, "/");
    await see(administrator, "Not taken back: 1");
    await administrator.getByRole("link", { name: /^shop_staging/ }).click();
    await see(administrator, "The account is locked, but not dropped yet");
    await see(administrator, "owner of table public.leftovers");
    await see(administrator, `DROP ROLE "${grant.account}";`);
    await see(administrator, /Tried (once|\d times), first .*; (next try in|being tried again now)/);
    await see(administrator, "Refuses new logins: this was done and seen.");
    expect(await axeFindings(administrator)).toEqual([]);
    await go(administrator, "/settings/guarantee");
    await see(administrator, "Not taken back yet");
    await see(administrator, /process \d+ of postgres holds a lock on leftovers/);
  });

  test("is retried at once by a click, and revoked without a reload once nothing blocks it", async () => {
    await go(administrator, `/grants/${grant.id}`);
    await lock.query("rollback");
    await administrator.getByRole("button", { name: "Retry now" }).press("Enter");
    await see(administrator, /^Revoked: a query of the server showed the account absent$/, 30 * seconds);
    await go(administrator, "/");
    await see(administrator, "Nothing is overdue");
  });
});

describe("the kill switch", () => {
  test("ends all that a person holds, by keyboard, with a reason, and counts until all of it is gone", async () => {
    const grants = [await lend("shop", "production", {}), await lend("shop_staging", "staging", {})];
    const credentials = await Promise.all(grants.map(({ id }) => engineer.credential(id)));
    const { id } = (await engineer.get<{ user: { id: string } }>("/api/me")).user;
    await go(administrator, `/settings/people?person=${id}`);
    const ask = administrator.getByRole("button", { name: "End all access…" });
    await ask.press("Enter");
    await see(administrator, /^2 accesses end: shop.* and shop/);
    expect(await axeFindings(administrator)).toEqual([]);
    const confirm = administrator.getByRole("button", { name: "End all access now" });
    expect(await confirm.isDisabled()).toBe(true);
    await tabTo(administrator, administrator.getByRole("textbox", { name: "Why?" }));
    await administrator.keyboard.type("SEC-12: the laptop was stolen");
    const endedAt = Date.now();
    await tabTo(administrator, confirm, 2);
    await administrator.keyboard.press("Enter");
    await see(administrator, "2 accesses were ended.");
    await see(administrator, "All are revoked: each account was seen absent.", 60 * seconds);
    expect(Date.now() - endedAt).toBeLessThan(60 * seconds);
    for (const { psql: line } of credentials) expect((await psql(line, "select 1")).code).not.toBe(0);
    const auditor = await Person.signIn(system.url, "oscar-brandt");
    const [event] = await auditor.events("operation=user.end-access");
    expect(event?.data).toMatchObject({ reason: "SEC-12: the laptop was stolen" });
  });

  test("on an instance says whose access ends, and leaves other instances alone", async () => {
    const [production, staging] = [
      await lend("shop", "production", {}),
      await lend("shop_staging", "staging", {}),
    ];
    await go(administrator, `/settings/instances?instance=${staging.database.instance.id}`);
    await administrator.getByRole("button", { name: "End all access…" }).press("Enter");
    await see(administrator, "1 access ends, of Erin Vale.");
    await administrator.getByRole("textbox", { name: "Why?" }).fill("OPS-7: this server is being replaced");
    await administrator.getByRole("button", { name: "End all access now" }).press("Enter");
    await see(administrator, "It is revoked: its account was seen absent.", 60 * seconds);
    expect((await engineer.grant(production.id)).state).toBe("active");
    await engineer.post(`/api/grants/${production.id}/end`);
  });
});

describe("ledger and accounts", () => {
  const ulid = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  const orphan = `dp_${ulid.toLowerCase()}`;

  test("are compared by a click, and an account that no access knows is told by name", async () => {
    const byHand = await administratorOf(system);
    await byHand.query(`create role ${orphan} login password 'by hand'`);
    await byHand.query(
      `comment on role ${orphan} is 'daypass stack=local grant=grt_${ulid} account=${orphan}'`,
    );
    await byHand.end();
    await go(administrator, "/settings/reconciliation");
    const production = administrator.getByRole("article", { name: "shop-production" });
    await production.getByRole("button", { name: "Check now: shop-production" }).press("Enter");
    await production.getByText("An account that no access knows").waitFor({ timeout: 60 * seconds });
    await production.getByText(orphan).waitFor();
    expect(await axeFindings(administrator)).toEqual([]);
  });

  test("have an address for each instance, where it is repaired", async () => {
    await administrator.getByRole("link", { name: "shop-production" }).click();
    await administrator.waitForURL(/instance=ins_/);
    await administrator.reload();
    await administrator.getByRole("button", { name: "Repair: shop-production" }).press("Enter");
    await see(administrator, "locked: no login, no rights, no session.", 60 * seconds);
    const owner = await ownerOf(system);
    const { rows } = await owner.query(`select rolcanlogin from pg_roles where rolname = '${orphan}'`);
    expect(rows).toEqual([{ rolcanlogin: false }]);
    await owner.query(`drop role ${orphan}`);
    await owner.end();
  });

  test("are for administrators and auditors to see, and for administrators to compare", async () => {
    const auditor = await signIn("oscar-brandt");
    await go(auditor, "/settings/reconciliation");
    await see(auditor, "shop-production");
    expect(await auditor.getByRole("button", { name: /^Check|^Repair/ }).count()).toBe(0);
    await go(holder, "/settings/reconciliation");
    await see(holder, /You may not see/);
  });
});

test("nobody's console had anything to say", () => {
  // Nobody signed in yet, and what came right by itself before the click.
  expect(everybody.flatMap((one) => one.complaints(["401 /api/", "409 /api/grants/"]))).toEqual([]);
});
