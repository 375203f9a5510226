import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestView } from "@daypass/core/request/request.view.ts";
import type { Browser } from "playwright-core";
import { openBrowser, settled } from "../test/e2e/browser-context.ts";
import { Person } from "../test/e2e/person.ts";
import { System } from "../test/e2e/system.ts";
import { palettePng } from "./palette-png.ts";

/**
 * `node scripts/screenshots.ts` draws docs/images anew: the sample company at work on the real system, which is started
 * in a folder of its own and removed afterwards. Needs Chromium; takes about four minutes, so that time has passed.
 */
const folder = resolve(import.meta.dirname, "../docs/images");
const runsForMs = 150_000;
const refunds = {
  kind: "objects",
  objects: [
    { schema: "public", table: "orders" },
    { schema: "public", table: "payments" },
  ],
};

await mkdir(folder, { recursive: true });
const system = await System.create();
const browser = await openBrowser();
try {
  const { shopId, decideId } = await bringToLife(system.url);
  await sleep(runsForMs);
  const draft = new URLSearchParams({
    database: shopId,
    level: "read",
    duration: "60",
    reason: "SHOP-1432: the invoice total of order 88123 is wrong",
  });
  const shots = [
    { file: "my-access", person: "erin-vale", path: "/" },
    { file: "my-access-dark", person: "erin-vale", path: "/", scheme: "dark" },
    { file: "request", person: "erin-vale", path: `/request?${draft.toString()}` },
    { file: "inbox", person: "tomoko-lind", path: `/inbox?request=${decideId}` },
  ] as const;
  for (const shot of shots) await draw(browser, system.url, shot);
} finally {
  await browser.close();
  await system.close();
}

type Shot = { file: string; person: string; path: string; scheme?: "light" | "dark" };

async function draw(on: Browser, url: string, { file, person, path, scheme = "light" }: Shot): Promise<void> {
  const context = await on.newContext({
    viewport: { width: 1200, height: 760 },
    deviceScaleFactor: 2,
    colorScheme: scheme,
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.locator(`button[value="${person}"]`).click();
  await page.waitForURL(`${url}/`);
  await page.goto(`${url}${path}`);
  await settled(page);
  // Nothing scrolls in a picture, so no room is kept for a scrollbar either.
  await page.evaluate("document.documentElement.style.scrollbarGutter = 'auto'");
  await writeFile(resolve(folder, `${file}.png`), palettePng(await page.screenshot()));
  await context.close();
}

/** Access that runs, requests that wait, and some that ended, as on a working day. */
async function bringToLife(url: string): Promise<{ shopId: string; decideId: string }> {
  const erin = await Person.signIn(url, "erin-vale");
  const nils = await Person.signIn(url, "nils-okoro");
  const tomoko = await Person.signIn(url, "tomoko-lind");
  const shop = await erin.database("shop", "production");
  const staging = await erin.database("shop_staging", "staging");
  const lend = async (ask: Promise<RequestView>) => {
    const request = await ask;
    if (request.status === "pending") await tomoko.approve(request.id);
    return erin.grantIn(request.id.replace("req_", "grt_"), ["active"], 60);
  };
  for (const ended of [
    erin.ask(staging.id, { level: "ddl", durationMinutes: 60, reason: "SHOP-1405: try the new index" }),
    erin.ask(shop.id, { durationMinutes: 60, reason: "SHOP-1398: which invoices were sent twice?" }),
  ]) {
    await erin.post(`/api/grants/${(await lend(ended)).id}/end`);
  }
  await lend(
    erin.ask(shop.id, {
      durationMinutes: 8,
      scope: refunds,
      reason: "SHOP-1421: refunds of 12 March were booked twice; find the orders",
    }),
  );
  await lend(
    erin.ask(staging.id, {
      level: "write",
      durationMinutes: 240,
      reason: "SHOP-1421: rehearse the repair of the refunds",
    }),
  );
  await nils.ask(shop.id, {
    durationMinutes: 240,
    reason: "Weekly revenue: the numbers of March differ from finance’s by 2 %",
  });
  const repair = await erin.ask(shop.id, {
    level: "write",
    durationMinutes: 60,
    scope: refunds,
    reason: "SHOP-1421: correct the 14 duplicate refunds; the script is reviewed by payments",
  });
  await nils.ask(shop.id, {
    durationMinutes: 30,
    scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] },
    reason: "Support asks for the delivery dates of order 88123",
  });
  return { shopId: shop.id, decideId: repair.id };
}
