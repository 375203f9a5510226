import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { until } from "./system.ts";

const executablePath = "/usr/bin/chromium";

/** Debian's Chromium, without anything that it does by itself over the network. */
export async function openBrowser(): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-background-networking"],
    });
  } catch (cause) {
    throw new Error("Chromium is missing: apt-get install -y chromium", { cause });
  }
}

type Scheme = "light" | "dark";
type Options = { scheme?: Scheme; width?: number; height?: number };

/** Somebody at a browser of their own. Whatever the console, the policy or the network complains of is kept. */
export class Visitor {
  readonly context: BrowserContext;
  readonly url: string;
  readonly #complaints: string[] = [];
  readonly #hosts = new Set<string>();

  private constructor(context: BrowserContext, url: string) {
    this.context = context;
    this.url = url;
  }

  static async open(browser: Browser, url: string, options: Options = {}): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      colorScheme: options.scheme ?? "light",
      locale: "en-GB",
      timezoneId: "Asia/Tokyo",
      reducedMotion: "reduce",
    });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    await context.addInitScript(watchPage);
    const visitor = new Visitor(context, url);
    context.on("request", (request) => visitor.#hosts.add(new URL(request.url()).hostname));
    context.on("console", (message) => {
      if (message.type() === "error") {
        const { pathname } = URL.canParse(message.location().url)
          ? new URL(message.location().url)
          : { pathname: "" };
        visitor.#complaints.push(`${message.text()} ${pathname}`);
      }
    });
    context.on("weberror", (error) => visitor.#complaints.push(error.error().message));
    return visitor;
  }

  /** What went wrong and was not meant to. `meant` are answers such as "401 /api/me" that a step provokes. */
  complaints(meant: readonly string[] = []): string[] {
    return this.#complaints.filter((text) => {
      const [, status, path] = /responded with a status of (\d+)[^/]*(\/.*)$/.exec(text) ?? [];
      return !meant.some((one) => status !== undefined && `${status} ${path}`.startsWith(one));
    });
  }

  get hosts(): string[] {
    return [...this.#hosts];
  }

  async visit(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.url}${path}`);
    return page;
  }

  /** Through the page's own button and the picker of people. */
  async signIn(person: string, path = "/"): Promise<Page> {
    const page = await this.visit(path);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.locator(`button[value="${person}"]`).click();
    await page.waitForURL((at) => at.origin === this.url);
    return page;
  }
}

/** Presses Tab until the keyboard is there, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator, most = 60): Promise<void> {
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate(hasFocus)) return;
  }
  throw new Error(`${String(target)} is not reached with ${most} times Tab`);
}

function hasFocus(element: { ownerDocument: { activeElement: unknown } }): boolean {
  return element.ownerDocument.activeElement === element;
}

/** How far what was painted moved without anybody's doing, since the page was loaded (Layout Instability). */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate("window.daypassShift");
}

const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
type Finding = { id: string; impact: string | null; nodes: { target: string[]; failureSummary: string }[] };

/** Serious and critical findings of axe, one line each; `rules` looks for these alone. */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(await axeSource);
  const options = JSON.stringify({ resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) });
  const findings = await page.evaluate<Finding[]>(
    `axe.run(document, ${options}).then(({ violations }) => violations.map(({ id, impact, nodes }) =>
      ({ id, impact, nodes: nodes.map(({ target, failureSummary }) => ({ target: target.map(String), failureSummary })) })))`,
  );
  return findings
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`).join("; ")}`,
    );
}

/** Until an expression is true in the page; asked from outside, as the page's policy allows no evaluation inside. */
export async function comes(page: Page, expression: string): Promise<void> {
  await until(expression, 15, () => page.evaluate<boolean>(expression));
}

/** Until nothing is loading: no request for a moment and no skeleton left. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await comes(page, "document.querySelectorAll('output[aria-label=Loading]').length === 0");
}

const watchPage = `
  window.daypassShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.daypassShift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error("refused by the policy: " + event.violatedDirective + " " + event.blockedURI));
`;

/** Waits until the page shows it. */
export async function see(page: Page, text: string | RegExp, timeout = 15_000): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout });
}

/** To another address of the same site, until all of it is there. */
export async function go(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await settled(page);
}
