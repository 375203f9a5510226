import type { EventView } from "@daypass/core/audit/event.view.ts";
import type { DatabaseView } from "@daypass/core/catalog/catalog.view.ts";
import type { CredentialView } from "@daypass/core/credential/credential.view.ts";
import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import type { MeView } from "@daypass/core/identity/user.view.ts";
import type { RequestView } from "@daypass/core/request/request.view.ts";
import { Browser } from "../contract/oidc/browser.ts";
import { until } from "./system.ts";

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

/** Somebody signed in through the plain forms, who then uses the HTTP API as the page does. */
export class Person {
  readonly #browser: Browser;
  readonly #url: string;
  #csrf = "";

  private constructor(url: string, browser: Browser) {
    this.#url = url;
    this.#browser = browser;
  }

  static async signIn(url: string, person: string): Promise<Person> {
    const browser = new Browser();
    const picker = await browser.open(`${url}/api/sign-in?return=/`);
    const home = await browser.submit(picker, "person", person);
    if (home.url.origin !== url)
      throw new Error(`signing in as ${person} ended at ${home.url.href}: ${home.html.slice(0, 500)}`);
    const somebody = new Person(url, browser);
    const { body, status } = await somebody.call("GET", "/api/me");
    if (status !== 200) throw new Error(`${person} is not signed in: ${home.url.href}`);
    somebody.#csrf = (body as MeView).csrfToken ?? "";
    return somebody;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        cookie: this.#browser.cookieHeader(),
        ...(method === "GET" ? {} : { "x-daypass-csrf": this.#csrf, origin: this.#url }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
  }

  /** The answer of a call that must succeed. */
  async get<T>(path: string): Promise<T> {
    return this.#succeed("GET", path) as T;
  }
  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#succeed("POST", path, body) as T;
  }

  async #succeed(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A database by name and environment; waits for the first inspection to find it. */
  database(name: string, environment: string): Promise<DatabaseView> {
    return until(`database ${name}`, 60, async () => {
      const { items } = await this.get<{ items: DatabaseView[] }>(`/api/databases?q=${name}`);
      return items.find(
        (found) => found.name === name && found.environment.name === environment && found.present,
      );
    });
  }

  ask(databaseId: string, more: Record<string, unknown> = {}): Promise<RequestView> {
    const ask = { databaseId, level: "read", durationMinutes: 2, reason: "orders of yesterday look wrong" };
    return this.post<RequestView>("/api/requests", { ...ask, ...more });
  }

  approve(requestId: string): Promise<RequestView> {
    return this.post<RequestView>(`/api/requests/${requestId}/reviews`, { decision: "approve" });
  }

  grant(id: string): Promise<GrantView> {
    return this.get<GrantView>(`/api/grants/${id}`);
  }

  grantIn(id: string, states: readonly GrantView["state"][], seconds: number): Promise<GrantView> {
    return until(`grant ${states.join(" or ")}`, seconds, async () => {
      const grant = await this.grant(id);
      return states.includes(grant.state) ? grant : undefined;
    });
  }

  credential(grantId: string): Promise<CredentialView> {
    return this.post<CredentialView>(`/api/grants/${grantId}/credential`);
  }

  async events(filter: string): Promise<EventView[]> {
    return (await this.get<{ items: EventView[] }>(`/api/audit?limit=100&${filter}`)).items;
  }
}
