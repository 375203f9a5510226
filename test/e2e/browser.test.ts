import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comes, openBrowser, see, tabTo, Visitor } from "./browser-context.ts";
import { Person } from "./person.ts";
import { psql } from "./psql.ts";
import { System } from "./system.ts";

const seconds = 1_000;
let system: System;
let browser: Browser;
let shopId: string;
let erin: Visitor;
let tomoko: Visitor;
const everybody: Visitor[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  system = await System.create();
  shopId = (await (await Person.signIn(system.url, "erin-vale")).database("shop", "production")).id;
  erin = await visitor();
  tomoko = await visitor();
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

async function visitor(options: Parameters<typeof Visitor.open>[2] = {}): Promise<Visitor> {
  const somebody = await Visitor.open(browser, system.url, options);
  everybody.push(somebody);
  return somebody;
}

/** Whatever the page shows must come by itself: a page that was loaded anew has lost this mark. */
async function mark(page: Page): Promise<void> {
  await page.evaluate("window.daypassMark = true");
}
async function expectNotReloaded(page: Page): Promise<void> {
  expect(await page.evaluate("window.daypassMark")).toBe(true);
}

describe("two minutes of reading one table of the shop, by keyboard", () => {
  let asking: Page;
  let deciding: Page;
  let story: Page;
  let requestId: string;
  let psqlLine: string;

  test("the form is filled with the keyboard alone and says beforehand who decides", async () => {
    deciding = await tomoko.signIn("tomoko-lind");
    await mark(deciding);
    asking = await erin.signIn("erin-vale");
    await see(asking, "You have no access right now");
    await tabTo(asking, asking.getByRole("main").getByRole("link", { name: "Ask for access" }));
    await asking.keyboard.press("Enter");
    const search = asking.getByRole("combobox", { name: "Database" });
    await search.waitFor();
    await tabTo(asking, search);
    await asking.keyboard.type("shop");
    const wanted = asking.getByRole("option", { name: /^shop shop-production/ });
    await wanted.waitFor();
    for (let step = 0; step < 5; step += 1) {
      if ((await wanted.getAttribute("aria-selected")) === "true") break;
      await asking.keyboard.press("ArrowDown");
    }
    await asking.keyboard.press("Enter");
    await asking.getByRole("button", { name: "Change the database" }).waitFor();
    await comes(asking, "document.activeElement?.textContent === 'Change'");

    await comes(asking, "document.querySelector('input[name=level]:checked')?.disabled === false");
    await tabTo(asking, asking.getByRole("radio", { name: /^Read/ }), 2);
    await tabTo(asking, asking.getByRole("radio", { name: "Whole database" }), 2);
    await asking.keyboard.press("ArrowRight");
    await tabTo(asking, asking.getByRole("textbox", { name: "Search tables" }), 2);
    await asking.keyboard.type("public.orders");
    await tabTo(asking, asking.getByRole("checkbox", { name: /^orders/ }), 3);
    await asking.keyboard.press("Space");
    await tabTo(asking, asking.getByRole("radio", { name: "1 h" }), 4);
    for (let step = 0; step < 3; step += 1) await asking.keyboard.press("ArrowRight");
    await tabTo(asking, asking.getByRole("textbox", { name: /^Duration/ }), 2);
    await asking.keyboard.press("ControlOrMeta+a");
    await asking.keyboard.type("2 min");
    await tabTo(asking, asking.getByRole("textbox", { name: "Why" }), 2);
    await asking.keyboard.type("SHOP-7: orders of yesterday look wrong");

    const summary = asking.getByRole("complementary", { name: "What you are asking for" });
    await summary.getByText("Read all rows and columns of table public.orders (SELECT).").waitFor();
    await summary.getByText("someone in leads").waitFor();
    await comes(asking, "!document.querySelector('button[type=submit]').disabled");
    await asking.keyboard.press("ControlOrMeta+Enter");
    await asking.waitForURL(/\/requests\/req_/);
    requestId = new URL(asking.url()).pathname.split("/").at(-1) ?? "";
    await see(asking, "Waiting for someone in leads");
    await mark(asking);
  });

  test("the lead's count changes by itself, and the keyboard approves", async () => {
    const inbox = deciding.getByRole("link", { name: /^Inbox/ });
    await inbox.getByText("1 request waits for you").waitFor({ state: "attached", timeout: 20 * seconds });
    await inbox.focus();
    await deciding.keyboard.press("Enter");
    await deciding.getByRole("heading", { name: "Erin Vale asks for read on shop" }).waitFor();
    await deciding.keyboard.press("a");
    await deciding.keyboard.press("Enter");
    await see(deciding, "Approved: read on shop for Erin Vale.");
    await see(deciding, "Nothing waits for you");
    await expectNotReloaded(deciding);
  });

  test("the account becomes ready under the requester's eye, and its credential stays hidden until asked for", async () => {
    await see(asking, "The account is ready: its login was tried and works");
    await expectNotReloaded(asking);
    story = await erin.visit(`/requests/${requestId}`);
    await mark(story);
    await tabTo(asking, asking.getByRole("link", { name: "Connect" }));
    await asking.keyboard.press("Enter");
    const show = asking.getByRole("button", { name: "Show the credential" });
    await show.waitFor();
    expect(await asking.getByRole("main").innerText()).not.toMatch(/PGPASSWORD|127\.0\.0\.1/);
    await show.press("Enter");
    await see(asking, /This showing was recorded/);
    await asking.getByRole("button", { name: "Copy For a terminal" }).press("Enter");
    await see(asking, "Copied");
    psqlLine = await asking.evaluate("navigator.clipboard.readText()");
    const [, password = ""] = /PGPASSWORD='([^']+)'/.exec(psqlLine) ?? [];
    expect(password.length).toBeGreaterThan(20);
    expect(await asking.content()).not.toContain(password);
    expect(await psql(psqlLine, "select count(*) > 0 from orders")).toMatchObject({ code: 0, stdout: "t" });
    expect((await psql(psqlLine, "select count(*) from customers")).stderr).toContain("permission denied");
  });

  test("more time is asked for and given without a new credential", async () => {
    await asking.getByRole("button", { name: "Extend" }).press("Enter");
    await asking.getByRole("textbox", { name: "Why longer?" }).fill("the query takes longer");
    await asking.keyboard.press("ControlOrMeta+Enter");
    await see(asking, "An extension is waiting for approval.");
    await see(deciding, "Erin Vale asks for more time on shop (read)");
    await see(deciding, "Would end");
    await deciding.keyboard.press("a");
    await deciding.keyboard.press("Enter");
    await see(deciding, "Nothing waits for you");
    await see(asking, /^1 h( \d min)? left$|^59 min left$/, 20 * seconds);
    expect((await psql(psqlLine, "select 1")).stdout).toBe("1");
  });

  test("I'm done asks again with the consequence, and what follows is told without reload", async () => {
    await asking.getByRole("button", { name: "I’m done" }).press("Enter");
    await see(asking, /is locked at once, its open sessions are cut/);
    await asking.getByRole("button", { name: "End access now" }).press("Enter");
    await see(asking, "Revoked", 20 * seconds);
    await see(story, "Revoked: the account was looked for and is absent", 20 * seconds);
    await expectNotReloaded(story);
    const told = await story
      .getByRole("listitem")
      .filter({ has: story.locator("time") })
      .allInnerTexts();
    const order = [
      /^Erin Vale asked for access for 2 min/,
      /^Tomoko Lind approved for 2 min/,
      /^Daypass began to make the account/,
      /^The account is ready/,
      /^Erin Vale had the credential shown/,
      /^Erin Vale asked for more time for 1 h/,
      /^Tomoko Lind approved for 1 h/,
      /^The database was told the end/,
      /^Erin Vale ended the access/,
      /^Revoked: the account was looked for and is absent/,
    ];
    const places = order.map((line) => told.findIndex((text) => line.test(text.trim())));
    expect(places, told.join("\n")).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect((await psql(psqlLine, "select 1")).code).not.toBe(0);
  });

  test("the auditor finds the story by its address and takes it away as CSV", async () => {
    const auditor = await visitor();
    const page = await auditor.signIn("oscar-brandt", `/audit?subject=${requestId}`);
    await see(page, "Revoked: the account was looked for and is absent");
    expect(new URL(page.url()).searchParams.get("subject")).toBe(requestId);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export what is filtered as CSV" }).click(),
    ]);
    const lines = await readFile(await file.path(), "utf8");
    for (const told of ["request.create", "request.review", "grant.show-credential", "grant.finish"]) {
      expect(lines).toContain(told);
    }
    expect(lines).not.toContain(/PGPASSWORD='([^']+)'/.exec(psqlLine)?.[1]);
  });
});

describe("a no", () => {
  test("is told in the form before anything is sent, with what may be asked for instead", async () => {
    const page = await erin.visit(`/request?database=${shopId}&level=ddl&duration=60&reason=why`);
    const summary = page.getByRole("complementary", { name: "What you are asking for" });
    await summary.getByText("You may not ask for this").waitFor();
    await summary.getByText("Only read or write may be asked for.").waitFor();
    expect(await page.getByRole("button", { name: "Send request" }).isDisabled()).toBe(true);
    await page.close();
  });

  test("by the approver stands on the requester's first page with its reason", async () => {
    const person = await Person.signIn(system.url, "erin-vale");
    const home = await erin.visit("/");
    await mark(home);
    const request = await person.ask(shopId, { durationMinutes: 60 });
    const page = await tomoko.visit(`/inbox?request=${request.id}`);
    await page.getByRole("button", { name: /^Reject/ }).waitFor();
    await page.keyboard.press("r");
    await page.getByRole("textbox", { name: /^Why not\?/ }).fill("Which orders? Name the ticket, please.");
    await page.keyboard.press("ControlOrMeta+Enter");
    await see(page, "Rejected. Erin Vale is told why.");
    await see(home, "Which orders? Name the ticket, please.", 15 * seconds);
    await see(home, "Rejected by Tomoko Lind");
    await expectNotReloaded(home);
    await home.close();
    await page.close();
  });

  test("to somebody who is suspended says that they are", async () => {
    const page = await (await visitor()).signIn("jonas-wren");
    await see(page, "Your account is suspended. Ask an administrator to reinstate it.");
  });
});

test("an approver who comes too late is told by whom it was decided, without an error", async () => {
  const person = await Person.signIn(system.url, "nils-okoro");
  const request = await person.ask(shopId, { durationMinutes: 5 });
  const late = await tomoko.visit(`/inbox?request=${request.id}`);
  const approve = late.getByRole("button", { name: /^Approve for/ });
  await approve.waitFor();
  // The page of the slower one does not learn of it in time.
  await late.route("**/api/requests*", (route) =>
    route.request().method() === "GET" ? undefined : route.continue(),
  );
  await late.route("**/api/requests/*", (route) =>
    route.request().method() === "GET" ? undefined : route.continue(),
  );
  await (await Person.signIn(system.url, "tomoko-lind")).approve(request.id);
  await approve.click();
  await see(late, "Tomoko Lind was faster: this request is approved now. Nothing of yours was counted.");
  expect((await late.getByRole("alert").allInnerTexts()).join("")).toBe("");
  await late.close();
});

test("signing out in one tab signs out everywhere", async () => {
  const [first, other] = await Promise.all([erin.visit("/"), erin.visit("/databases")]);
  await first.getByRole("button", { name: "Menu of Erin Vale" }).click();
  await first.getByRole("button", { name: "Sign out" }).click();
  await first.getByRole("link", { name: "Sign in" }).waitFor();
  await other.getByRole("link", { name: "Sign in" }).waitFor({ timeout: 30 * seconds });
  expect((await erin.context.request.get(`${system.url}/api/me`)).status()).toBe(401);
  // The identity provider has forgotten them as well: it asks who is there.
  await first.getByRole("link", { name: "Sign in" }).click();
  await first.getByRole("group", { name: "Who are you?" }).waitFor();
});

test("nobody's console had anything to say, and nothing was asked of another host", async () => {
  // Nobody signed in yet or any more, and the approver who was late.
  const meant = ["401 /api/", "409 /api/requests/"];
  expect(everybody.flatMap((one) => one.complaints(meant))).toEqual([]);
  expect([...new Set(everybody.flatMap((one) => one.hosts))]).toEqual(["127.0.0.1"]);
});
