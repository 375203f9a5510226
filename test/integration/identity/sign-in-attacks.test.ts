import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenId, type OpenIdSettings } from "@daypass/core/identity/openid.ts";
import { beginSignIn, finishSignIn, type SignInContext } from "@daypass/core/identity/sign-in.ts";
import { listUsers } from "@daypass/core/identity/user.store.ts";
import { type Oidc, startOidc } from "@daypass/local/oidc/oidc.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Browser } from "../../contract/oidc/browser.ts";
import { createWorld, type World } from "../harness.ts";

const redirectUri = "http://127.0.0.1:4400/api/sign-in/callback";
const home = "http://127.0.0.1:4400/";
const folders: string[] = [];
/** Ours, and another one that is just as real: what one says is not for the other. */
let ours: Oidc;
let theirs: Oidc;
let world: World;

beforeAll(async () => {
  const start = async () => {
    const folder = await mkdtemp(join(tmpdir(), "daypass-attacks-"));
    folders.push(folder);
    return startOidc({ folder, redirectUris: [redirectUri], postLogoutRedirectUris: [home] });
  };
  [ours, theirs] = [await start(), await start()];
});
afterAll(async () => {
  await ours.close();
  await theirs.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

function ctxAt(oidc: Oidc): SignInContext {
  const settings: OpenIdSettings = {
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    redirectUri,
    postLogoutRedirectUri: home,
    scope: "openid profile email groups",
    groupsClaim: "groups",
    clientAuthentication: "basic",
  };
  return { ...world.ctx({ kind: "anonymous" }), openid: createOpenId(settings) };
}

/** As far as the provider sends the person back; `bend` may change what the browser is sent to. */
async function pick(oidc: Oidc, bend: (location: URL) => void = () => undefined) {
  const { location, cookie } = await beginSignIn(ctxAt(oidc), {});
  const target = new URL(location);
  bend(target);
  const browser = new Browser();
  const picker = await browser.open(target, redirectUri);
  const { url } = await browser.submit(picker, "person", "erin-vale", redirectUri);
  return { cookie, query: url.searchParams };
}

async function isRefused(began: { cookie: string; query: URLSearchParams }): Promise<void> {
  const before = (await listUsers(world, { q: "erin", limit: 10 })).items;
  const finish = finishSignIn(ctxAt(ours), { cookie: began.cookie, query: `?${began.query.toString()}` });
  await expect(finish).rejects.toMatchObject({ code: "sign-in.failed" });
  expect((await listUsers(world, { q: "erin", limit: 10 })).items).toEqual(before);
  expect(await world.events()).toEqual([]);
}

test("an answer as it should be signs in", async () => {
  const { cookie, query } = await pick(ours);
  expect(query.get("iss")).toBe(ours.issuer);
  expect((await finishSignIn(ctxAt(ours), { cookie, query: `?${query.toString()}` })).returnPath).toBe("/");
});

test("a code that was used is refused, also by who begins a sign-in of their own with it", async () => {
  const first = await pick(ours);
  await finishSignIn(ctxAt(ours), { cookie: first.cookie, query: `?${first.query.toString()}` });
  const second = await pick(ours);
  second.query.set("code", first.query.get("code") ?? "");
  const finish = finishSignIn(ctxAt(ours), { cookie: second.cookie, query: `?${second.query.toString()}` });
  await expect(finish).rejects.toMatchObject({ code: "sign-in.failed" });
});

test("a code that somebody else was given is refused in one's own sign-in: it is bound by PKCE", async () => {
  const [victim, attacker] = [await pick(ours), await pick(ours)];
  attacker.query.set("code", victim.query.get("code") ?? "");
  await isRefused(attacker);
});

test.each(["nonce", "state", "code_challenge"])("an answer for another %s is refused", async (name) => {
  const began = await pick(ours, ({ searchParams }) => searchParams.set(name, "a".repeat(43)));
  await isRefused(began);
});

test("an answer without a nonce is refused", async () => {
  await isRefused(await pick(ours, ({ searchParams }) => searchParams.delete("nonce")));
});

test("mix-up: an answer that names another issuer, or none, is refused before its code is used", async () => {
  for (const issuer of [theirs.issuer, `${ours.issuer}/`, undefined]) {
    const began = await pick(ours);
    if (issuer === undefined) began.query.delete("iss");
    else began.query.set("iss", issuer);
    await isRefused(began);
  }
});

test("mix-up: a code of another provider is refused, whatever issuer it is said to be of", async () => {
  const other = await pick(theirs);
  await isRefused({ ...other });
  const own = await pick(ours);
  own.query.set("code", other.query.get("code") ?? "");
  await isRefused(own);
});
