import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFindings, go, openBrowser, see, tabTo, Visitor } from "./browser-context.ts";
import { Person } from "./person.ts";
import { System, until } from "./system.ts";
import { timePassed } from "./time-passed.ts";

const seconds = 1_000;
let system: System;
let browser: Browser;
let engineer: Person;
let holder: Page;
let administrator: Page;
let grant: GrantView;
const everybody: Visitor[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  system = await System.create();
  engineer = await Person.signIn(system.url, "erin-vale");
  const lead = await Person.signIn(system.url, "tomoko-lind");
  holder = await signIn("erin-vale");
  administrator = await signIn("priya-castell");
  const { id } = await engineer.ask((await engineer.database("shop", "production")).id, {
    durationMinutes: 60,
  });
  await lead.approve(id);
  grant = await engineer.grantIn(id.replace("req_", "grt_"), ["active"], 60);
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

test("the holder of an account sees from inside the network whether it works, and the test is recorded", async () => {
  await go(holder, "/");
  await holder.getByRole("button", { name: "Connect" }).press("Enter");
  const testing = holder.getByRole("button", { name: "Test connection" });
  await tabTo(holder, testing);
  await holder.keyboard.press("Enter");
  await see(holder, /^It works: PostgreSQL .* answered in [\d,]+ ms\.$/);
  expect(await axeFindings(holder)).toEqual([]);
  const auditor = await Person.signIn(system.url, "oscar-brandt");
  const [event] = await auditor.events("operation=grant.test");
  expect(event).toMatchObject({ outcome: "done", data: { account: grant.account } });
  await system.stopPostgres();
  await testing.press("Enter");
  await see(holder, /^It does not work: /);
});

test("an account whose server is gone is written off with a reason, and nobody says that it was revoked", async () => {
  await engineer.post(`/api/grants/${grant.id}/end`);
  await until(
    "a failure on record",
    60,
    async () => (await engineer.grant(grant.id)).failure?.step === "revoke",
  );
  await go(administrator, `/grants/${grant.id}`);
  await see(administrator, /Tried (once|\d+ times)/);
  expect(await administrator.getByRole("button", { name: "Its server is gone for good…" }).count()).toBe(0);

  await (await timePassed(system)).sinceGrantFailed(grant.id, 31);
  await go(administrator, `/grants/${grant.id}`);
  await administrator.getByRole("button", { name: "Its server is gone for good…" }).press("Enter");
  await see(administrator, /It will say that nobody saw the account gone, never that it was revoked\./);
  expect(await axeFindings(administrator)).toEqual([]);
  const confirm = administrator.getByRole("button", { name: "Write it off" });
  expect(await confirm.isDisabled()).toBe(true);
  const why = administrator.getByRole("textbox", { name: /^What became of the server/ });
  await tabTo(administrator, why);
  await administrator.keyboard.type("OPS-12: its volume was deleted with the whole project");
  await confirm.press("Enter");
  await see(administrator, "Written off by Priya Castell: nobody saw the account gone.");
  expect(await administrator.getByText(/^Revoked/).count()).toBe(0);
  await go(holder, `/grants/${grant.id}`);
  await see(holder, "Written off by Priya Castell: nobody saw the account gone.");
  expect(await holder.getByText(/^Revoked/).count()).toBe(0);
  expect((await engineer.grant(grant.id)).state).toBe("written-off");
});

test("a sweeper that falls silent is told loudly on the page of the guarantee, with where to look", async () => {
  await go(administrator, "/settings/guarantee");
  await see(administrator, /The sweeper looked/, 70 * seconds);
  await (await timePassed(system)).withoutSweeper(10);
  await go(administrator, "/settings/guarantee");
  await see(administrator, /The sweeper has not been heard of since .*: see the log of the sweep function\./);
  expect(await axeFindings(administrator)).toEqual([]);
});

test("nobody's console had anything to say", () => {
  expect(everybody.flatMap((one) => one.complaints(["401 /api/"]))).toEqual([]);
});
