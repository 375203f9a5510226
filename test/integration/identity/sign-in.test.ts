import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createOpenId, type OpenIdSettings } from "@daypass/core/identity/openid.ts";
import { beginSignIn, finishSignIn, type SignInContext } from "@daypass/core/identity/sign-in.ts";
import { signOut } from "@daypass/core/identity/sign-out.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { findUserBySubject } from "@daypass/core/identity/user.store.ts";
import { type Oidc, startOidc } from "@daypass/local/oidc/oidc.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Browser } from "../../contract/oidc/browser.ts";
import { createWorld, type World } from "../harness.ts";
import { isDenied, leavesOneEvent } from "../outcome.ts";

const redirectUri = "http://127.0.0.1:4400/api/sign-in/callback";
const home = "http://127.0.0.1:4400/";
let folder: string;
let oidc: Oidc;
let openIdSettings: OpenIdSettings;
let world: World;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daypass-sign-in-"));
  oidc = await startOidc({ folder, redirectUris: [redirectUri], postLogoutRedirectUris: [home] });
  openIdSettings = {
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    redirectUri,
    postLogoutRedirectUri: home,
    scope: "openid profile email groups",
    groupsClaim: "groups",
    clientAuthentication: "basic",
  };
});
afterAll(async () => {
  await oidc.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

function ctx(settings: Partial<OpenIdSettings> = {}): SignInContext {
  const openid = createOpenId({ ...openIdSettings, ...settings });
  return { ...world.ctx({ kind: "anonymous" }), openid };
}

/** As far as the provider sends the person back: the query string of the callback. */
async function begin(button: string, value: string, returnPath?: string) {
  const { location, cookie } = await beginSignIn(ctx(), { returnPath });
  const browser = new Browser();
  const picker = await browser.open(location, redirectUri);
  const { url } = await browser.submit(picker, button, value, redirectUri);
  return { cookie, query: url.search };
}
const pick = (person: string, returnPath?: string) => begin("person", person, returnPath);

test("a person signs in and lands where they wanted to go, with groups from the claim", async () => {
  const began = await pick("tomoko-lind", "/inbox?tab=open");
  let cookie = "";
  await leavesOneEvent(world, async () => {
    const finished = await finishSignIn(ctx(), began);
    expect(finished.returnPath).toBe("/inbox?tab=open");
    cookie = finished.cookie;
  });
  const { actor } = await authenticate(ctx(), { cookie });
  expect(actor).toMatchObject({
    name: "Tomoko Lind",
    email: "tomoko.lind@example.com",
    groups: ["engineers", "leads"],
  });
});

test("a sign-in is used once, by the browser that began it", async () => {
  const began = await pick("erin-vale");
  const other = await beginSignIn(ctx(), {});
  for (const cookie of [undefined, "", "x".repeat(43)]) {
    await expect(finishSignIn(ctx(), { ...began, cookie })).rejects.toMatchObject({
      code: "sign-in.expired",
    });
  }
  await expect(finishSignIn(ctx(), { ...began, cookie: other.cookie })).rejects.toMatchObject({
    code: "sign-in.failed",
  });
  await finishSignIn(ctx(), began);
  await expect(finishSignIn(ctx(), began)).rejects.toMatchObject({ code: "sign-in.expired" });
});

test("of two finishes at once one signs in", async () => {
  const began = await pick("erin-vale");
  const outcomes = await Promise.allSettled([finishSignIn(ctx(), began), finishSignIn(ctx(), began)]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a sign-in that took more than ten minutes is refused", async () => {
  const began = await pick("erin-vale");
  world.clock.advance({ minutes: 10 });
  await expect(finishSignIn(ctx(), began)).rejects.toMatchObject({ code: "sign-in.expired" });
});

test("a forged state or code is refused and leaves no user", async () => {
  for (const name of ["state", "code"]) {
    const { cookie, query } = await pick("erin-vale");
    const forged = new URLSearchParams(query);
    forged.set(name, "forged");
    const run = finishSignIn(ctx(), { cookie, query: `?${forged.toString()}` });
    await expect(run).rejects.toMatchObject({ code: "sign-in.failed" });
  }
  expect(await findUserBySubject(world, oidc.issuer, "erin-vale")).toBeUndefined();
  expect(await world.events()).toEqual([]);
});

test("who cancels at the provider is told so", async () => {
  const began = await begin("cancel", "yes");
  await expect(finishSignIn(ctx(), began)).rejects.toMatchObject({
    code: "sign-in.refused",
    details: { error: "access_denied" },
  });
});

test("a suspended person is refused, and that is recorded", async () => {
  await finishSignIn(ctx(), await pick("jonas-wren"));
  const user = await findUserBySubject(world, oidc.issuer, "jonas-wren");
  await suspendUser(world.ctx("administrator"), { id: user?.id ?? "", reason: "on leave" });
  const again = await pick("jonas-wren");
  await isDenied(world, () => finishSignIn(ctx(), again), "session.sign-in", "user.suspended");
});

test.for([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
])("nobody is sent to another site: %s", async (returnPath) => {
  const { returnPath: landed } = await finishSignIn(ctx(), await pick("erin-vale", returnPath));
  expect(landed).toBe("/");
});

test("a provider that does not answer is a passing trouble, and is asked again next time", async () => {
  const context = ctx({ issuer: "http://127.0.0.1:9" });
  await expect(beginSignIn(context, {})).rejects.toMatchObject({
    kind: "unavailable",
    code: "sign-in.provider",
  });
  await expect(beginSignIn(context, {})).rejects.toMatchObject({ code: "sign-in.provider" });
});

test("an issuer without TLS is refused unless it is on loopback", async () => {
  const context = ctx({ issuer: "http://id.example.com" });
  await expect(beginSignIn(context, {})).rejects.toMatchObject({ code: "sign-in.provider" });
});

test("nothing of a sign-in under way can be used from the table", async () => {
  const { cookie, location } = await beginSignIn(ctx(), {});
  const { Items } = await world.table.client.send(new ScanCommand({ TableName: world.table.name }));
  const dump = JSON.stringify(Items);
  const url = new URL(location);
  for (const secret of [cookie, url.searchParams.get("state"), url.searchParams.get("nonce")]) {
    expect(dump).not.toContain(secret);
  }
});

test("signing out ends the session here and says where the provider ends its own", async () => {
  const { cookie } = await finishSignIn(ctx(), await pick("erin-vale"));
  const { actor } = await authenticate(ctx(), { cookie });
  const { endSessionUrl } = await signOut({ ...ctx(), actor }, {});
  expect(new URL(endSessionUrl ?? "").searchParams.get("post_logout_redirect_uri")).toBe(home);
  await expect(authenticate(ctx(), { cookie })).rejects.toMatchObject({ code: "session.ended" });
});
