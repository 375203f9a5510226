import { mkdtemp, rm, stat } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Oidc, startOidc } from "@daypass/local/oidc/oidc.ts";
import { people } from "@daypass/local/oidc/people.ts";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "./browser.ts";

const callback = "http://127.0.0.1:4400/api/sign-in/callback";
const home = "http://127.0.0.1:4400/";
let folder: string;
let oidc: Oidc;
let configuration: client.Configuration;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daypass-oidc-"));
  oidc = await start();
  configuration = await discover();
});
afterAll(async () => {
  await oidc.close();
  await rm(folder, { recursive: true });
});

const start = () => startOidc({ folder, redirectUris: [callback], postLogoutRedirectUris: [home] });
const discover = () =>
  client.discovery(new URL(oidc.issuer), oidc.clientId, oidc.clientSecret, undefined, {
    execute: [client.allowInsecureRequests],
  });

async function begin(more: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier: verifier,
    expectedNonce: client.randomNonce(),
    expectedState: client.randomState(),
  };
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callback,
    scope: "openid profile email groups",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    ...more,
  });
  return { url, checks };
}

async function pick(browser: Browser, url: URL, person: string): Promise<URL> {
  const picker = await browser.open(url, callback);
  return (await browser.submit(picker, "person", person, callback)).url;
}

async function signIn(browser: Browser, person: string) {
  const { url, checks } = await begin();
  return client.authorizationCodeGrant(configuration, await pick(browser, url, person), checks);
}

describe("signing in by code, PKCE and nonce", () => {
  it.each(people)("$name signs in and brings name, mail and groups in the ID token", async (person) => {
    const tokens = await signIn(new Browser(), person.id);
    expect(tokens.claims()).toMatchObject({
      iss: oidc.issuer,
      aud: oidc.clientId,
      sub: person.id,
      name: person.name,
      email: person.email,
      email_verified: true,
      groups: person.groups,
    });
  });

  it("gives the same claims at the userinfo endpoint", async () => {
    const tokens = await signIn(new Browser(), "tomoko-lind");
    const info = await client.fetchUserInfo(configuration, tokens.access_token, "tomoko-lind");
    expect(info).toMatchObject({ email: "tomoko.lind@example.com", groups: ["engineers", "leads"] });
  });

  it("asks who it is at every sign-in, so that a second person is never taken for the first", async () => {
    const browser = new Browser();
    expect((await signIn(browser, "erin-vale")).claims()?.sub).toBe("erin-vale");
    expect((await signIn(browser, "tomoko-lind")).claims()?.sub).toBe("tomoko-lind");
  });

  it("answers prompt=none with login_required", async () => {
    const browser = new Browser();
    await signIn(browser, "erin-vale");
    const { url } = await begin({ prompt: "none" });
    const end = await browser.open(url, callback);
    expect(end.url.searchParams.get("error")).toBe("login_required");
  });

  it("works with prompt=login", async () => {
    const { url, checks } = await begin({ prompt: "login" });
    const tokens = await client.authorizationCodeGrant(
      configuration,
      await pick(new Browser(), url, "oscar-brandt"),
      checks,
    );
    expect(tokens.claims()?.sub).toBe("oscar-brandt");
  });

  it("brings access_denied to the application when the person cancels", async () => {
    const browser = new Browser();
    const { url } = await begin();
    const end = await browser.submit(await browser.open(url), "cancel", "yes", callback);
    expect(end.url.searchParams.get("error")).toBe("access_denied");
  });
});

describe("what the provider refuses", () => {
  it("a wrong nonce", async () => {
    const { url, checks } = await begin();
    const end = await pick(new Browser(), url, "erin-vale");
    const exchange = client.authorizationCodeGrant(configuration, end, {
      ...checks,
      expectedNonce: "another",
    });
    await expect(exchange).rejects.toMatchObject({ cause: { message: expect.stringContaining("nonce") } });
  });

  it("a wrong PKCE verifier", async () => {
    const { url, checks } = await begin();
    const end = await pick(new Browser(), url, "erin-vale");
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const exchange = client.authorizationCodeGrant(configuration, end, { ...checks, pkceCodeVerifier });
    await expect(exchange).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("a code that was used before", async () => {
    const { url, checks } = await begin();
    const end = await pick(new Browser(), url, "erin-vale");
    await client.authorizationCodeGrant(configuration, end, checks);
    const again = client.authorizationCodeGrant(configuration, end, checks);
    await expect(again).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("a wrong client secret", async () => {
    const { url, checks } = await begin();
    const end = await pick(new Browser(), url, "erin-vale");
    const wrong = await client.discovery(new URL(oidc.issuer), oidc.clientId, "x".repeat(40), undefined, {
      execute: [client.allowInsecureRequests],
    });
    const exchange = client.authorizationCodeGrant(wrong, end, checks);
    await expect(exchange).rejects.toMatchObject({ error: "invalid_client" });
  });

  it("a sign-in without PKCE", async () => {
    const url = client.buildAuthorizationUrl(configuration, { redirect_uri: callback, scope: "openid" });
    const end = await new Browser().open(url, callback);
    expect(end.url.searchParams.get("error")).toBe("invalid_request");
  });

  it("an address to return to that is not the application's", async () => {
    const { url } = await begin({ redirect_uri: "http://127.0.0.1:9/elsewhere" });
    const page = await new Browser().open(url);
    expect(page).toMatchObject({ status: 400, html: expect.stringContaining("Sign-in did not work") });
  });

  it("a person who does not exist, by showing the people again", async () => {
    const browser = new Browser();
    const picker = await browser.open((await begin()).url);
    const body = new URLSearchParams({ person: "nobody" });
    const page = await browser.open(picker.url, callback, { method: "POST", body });
    expect(page).toMatchObject({ status: 400, html: expect.stringContaining("Who are you?") });
  });

  it("a form that is sent from another browser", async () => {
    const picker = await new Browser().open((await begin()).url);
    const page = await new Browser().submit(picker, "person", "erin-vale", callback);
    expect(page).toMatchObject({ status: 400, html: expect.stringContaining("expired") });
  });
});

describe("signing out", () => {
  it("returns to the application at once when it says who it is", async () => {
    const browser = new Browser();
    await signIn(browser, "erin-vale");
    const url = client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: home, state: "kept" });
    expect((await browser.open(url, home)).url.href).toBe(`${home}?state=kept`);
  });

  it("accepts the ID token as a hint", async () => {
    const browser = new Browser();
    const tokens = await signIn(browser, "erin-vale");
    const url = client.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: home,
      id_token_hint: tokens.id_token ?? "",
    });
    expect((await browser.open(url, home)).url.href).toBe(home);
  });

  it("returns to the application also when nobody is signed in here any more", async () => {
    const browser = new Browser();
    const url = client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: home });
    expect((await browser.submit(await browser.open(url, home), "logout", "yes", home)).url.href).toBe(home);
  });

  it("never returns to an address that is not the application's", async () => {
    const browser = new Browser();
    await signIn(browser, "erin-vale");
    const url = client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: "http://127.0.0.1:9/" });
    expect(await browser.open(url)).toMatchObject({ status: 400 });
  });

  it("asks when it is opened by itself", async () => {
    const browser = new Browser();
    await signIn(browser, "erin-vale");
    const asked = await browser.open(`${oidc.issuer}/session/end`);
    expect(asked.html).toContain("<h1>Sign out</h1>");
    expect((await browser.submit(asked, "logout", "yes")).html).toContain("You are signed out");
  });
});

describe("the page and the keys", () => {
  it("shows every person by a form without scripts, and allows no script", async () => {
    const browser = new Browser();
    const { html, url } = await browser.open((await begin()).url);
    for (const person of people) expect(html).toContain(person.name);
    expect(html).not.toContain("<script");
    const policy = (await fetch(url)).headers.get("content-security-policy");
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  it("keeps secret and signing key over a restart, readable by their owner alone", async () => {
    const before = oidc;
    const keys = await (await fetch(`${before.issuer}/jwks`)).text();
    await before.close();
    oidc = await start();
    configuration = await discover();
    expect(oidc.clientSecret).toBe(before.clientSecret);
    expect(await (await fetch(`${oidc.issuer}/jwks`)).text()).toBe(keys);
    expect((await stat(join(folder, "keys.json"))).mode & 0o777).toBe(0o600);
  });

  it("answers under no other name, whatever was made to point here", async () => {
    const { port } = new URL(oidc.issuer);
    for (const host of [`evil.example:${port}`, `localhost:${port}`, "127.0.0.1"]) {
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
      const path = "/.well-known/openid-configuration";
      get({ host: "127.0.0.1", port, path, headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on("error", reject);
      expect(await promise, host).toBe(421);
    }
  });

  it("takes the next free port when the preferred one is in use", async () => {
    const port = Number(new URL(oidc.issuer).port);
    const second = await startOidc({ folder, redirectUris: [callback], port });
    expect(Number(new URL(second.issuer).port)).toBeGreaterThan(port);
    await second.close();
  });
});
