import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFindings, layoutShift, openBrowser, settled, Visitor } from "./browser-context.ts";
import { Person } from "./person.ts";
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
  [erin, tomoko] = [await visitor(), await visitor()];
  await (await erin.signIn("erin-vale")).close();
  await (await tomoko.signIn("tomoko-lind")).close();
  await somethingHappened();
}, 180 * seconds);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

async function visitor(): Promise<Visitor> {
  const somebody = await Visitor.open(browser, system.url);
  everybody.push(somebody);
  return somebody;
}

/** An access that came and went, and a request that was rejected. */
async function somethingHappened(): Promise<void> {
  const engineer = await Person.signIn(system.url, "erin-vale");
  const lead = await Person.signIn(system.url, "tomoko-lind");
  shopId = (await engineer.database("shop", "production")).id;
  const { id } = await engineer.ask(shopId, { durationMinutes: 60 });
  await lead.approve(id);
  const grant = await engineer.grantIn(id.replace("req_", "grt_"), ["active"], 60);
  await engineer.post(`/api/grants/${grant.id}/end`);
  await engineer.grantIn(grant.id, ["revoked"], 60);
  const refused = await engineer.ask(shopId, { durationMinutes: 60 });
  await lead.post(`/api/requests/${refused.id}/reviews`, {
    decision: "reject",
    comment: "Which orders? Name the ticket, please.",
  });
}

const phone = 360;
const seen: string[] = [];

test("every page is usable by everybody: axe finds nothing serious in light and dark, on a desk and on a phone", async () => {
  const administrator = await visitor();
  const page = await administrator.signIn("priya-castell");
  const person = await Person.signIn(system.url, "priya-castell");
  const engineer = await Person.signIn(system.url, "erin-vale");
  const [policy] = (await person.get<{ items: { id: string }[] }>("/api/policies")).items;
  const [event] = await person.events("operation=grant.finish");
  const asked = await engineer.ask(shopId, { durationMinutes: 60 });
  const findings: string[] = [];
  const shifts: string[] = [];
  const tour = async (at: Page, paths: readonly string[]) => {
    for (const width of [1440, phone]) {
      await at.setViewportSize({ width, height: 800 });
      for (const path of paths) {
        await at.emulateMedia({ colorScheme: "light" });
        await at.goto(`${system.url}${path}`);
        await settled(at);
        const shift = await layoutShift(at);
        if (shift >= 0.05) shifts.push(`${path} at ${width}: ${shift.toFixed(3)}`);
        const wide = await at.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
        if (wide > 0) shifts.push(`${path} at ${width}: ${wide} px too wide`);
        findings.push(...(await axeFindings(at)).map((line) => `${path} light ${width}: ${line}`));
        await at.emulateMedia({ colorScheme: "dark" });
        const contrast = await axeFindings(at, ["color-contrast"]);
        findings.push(...contrast.map((line) => `${path} dark ${width}: ${line}`));
        seen.push(path);
      }
    }
  };
  await Promise.all([
    tour(page, [
      "/?administrator",
      "/databases",
      `/databases/${shopId}`,
      "/audit",
      `/audit/${event?.id}`,
      "/policies",
      `/policies/${policy?.id}`,
      "/policies/new",
      "/policies/matrix",
      `/policies/simulator?database=${shopId}&level=read&duration=60`,
      ...["instances", "environments", "people", "tokens", "guarantee", "reconciliation"].map(
        (name) => `/settings/${name}`,
      ),
    ]),
    (async () => {
      const at = await erin.visit("/");
      await tour(at, [
        "/",
        "/request",
        `/request?database=${shopId}&level=read&duration=60&scope=public.orders`,
        `/requests/${asked.id}`,
        `/grants/${(await engineer.get<{ items: { id: string }[] }>("/api/grants?view=mine")).items[0]?.id}`,
        "/inbox",
        "/nowhere",
      ]);
      const lead = await tomoko.visit("/inbox");
      await tour(lead, [`/inbox?request=${asked.id}`]);
      await tour(await (await visitor()).visit("/sign-in"), [
        "/sign-in",
        "/sign-in-failed?code=user.suspended",
      ]);
    })(),
  ]);
  expect(findings).toEqual([]);
  expect(shifts).toEqual([]);
  expect(new Set(seen).size).toBe(26);
});

test("every page loads at most 201 kB of JavaScript, gzipped, the first time", async () => {
  const fresh = await visitor();
  await (await fresh.signIn("tomoko-lind")).close();
  // `npm run size` looks at every page of the build; these are measured as they arrive, the heaviest among them.
  for (const path of ["/", "/inbox", "/policies/new"]) {
    const cold = await fresh.context
      .browser()
      ?.newContext({ storageState: await fresh.context.storageState() });
    const page = await cold?.newPage();
    if (!cold || !page) throw new Error("the browser is gone");
    const scripts: Promise<number>[] = [];
    page.on("response", (response) => {
      if (/javascript/.test(response.headers()["content-type"] ?? "")) {
        scripts.push(response.body().then((body) => gzipSync(body).length));
      }
    });
    await page.goto(`${system.url}${path}`);
    await settled(page);
    const bytes = (await Promise.all(scripts)).reduce((sum, one) => sum + one, 0);
    expect(bytes, path).toBeGreaterThan(50_000);
    expect(bytes, path).toBeLessThanOrEqual(201_000);
    await cold.close();
  }
});

test("nobody's console had anything to say, and nothing was asked of another host", () => {
  // Nobody signed in yet.
  expect(everybody.flatMap((one) => one.complaints(["401 /api/"]))).toEqual([]);
  expect([...new Set(everybody.flatMap((one) => one.hosts))]).toEqual(["127.0.0.1"]);
});
