/** A browser without scripts: keeps cookies, follows redirects, and submits the forms it is shown. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Follows redirects until a page is shown or one leads to `stopAt`; answers with where it ended. */
  async open(url: URL | string, stopAt?: string, init: RequestInit = {}): Promise<Page> {
    let target = new URL(url);
    let request = init;
    for (let hop = 0; hop < 10; hop++) {
      if (stopAt !== undefined && target.href.startsWith(stopAt)) return { url: target, status: 0, html: "" };
      const headers = new Headers(request.headers);
      headers.set("cookie", this.cookieHeader());
      const answer = await fetch(target, { ...request, headers, redirect: "manual" });
      for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie);
      const location = answer.headers.get("location");
      if (location === null) return { url: target, status: answer.status, html: await answer.text() };
      await answer.body?.cancel();
      target = new URL(location, target);
      request = {};
    }
    throw new Error("too many redirects");
  }

  /** Presses the button with this name and value of the page's form. */
  submit(page: Page, name: string, value: string, stopAt?: string): Promise<Page> {
    const form = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.html);
    const [, action, inside] = form ?? [];
    if (action === undefined || inside === undefined) throw new Error("the page has no form");
    if (!inside.includes(`name="${name}" value="${value}"`)) throw new Error(`no button ${name}=${value}`);
    const body = new URLSearchParams({ [name]: value });
    for (const [, hidden, content] of inside.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
      if (hidden !== undefined && content !== undefined) body.set(hidden, content);
    }
    return this.open(new URL(action, page.url), stopAt, { method: "POST", body });
  }

  cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";");
    const [name = "", value = ""] = pair.split("=");
    const gone = value === "" || attributes.some((attribute) => /expires=thu, 01 jan 1970/i.test(attribute));
    if (gone) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

export type Page = { url: URL; status: number; html: string };
