import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createOpenId, type OpenIdSettings } from "@daypass/core/identity/openid.ts";
import { beginSignIn, finishSignIn } from "@daypass/core/identity/sign-in.ts";
import { startOidc } from "@daypass/local/oidc/oidc.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Browser } from "../../contract/oidc/browser.ts";
import { createWorld, type World } from "../harness.ts";
import { isDenied } from "../outcome.ts";

const redirectUri = "http://127.0.0.1:4400/api/sign-in/callback";
const home = "http://127.0.0.1:4400/";
const kept = (groups: unknown) => ({ groups });
const folders: string[] = [];
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

type Settings = Partial<Pick<OpenIdSettings, "groupsClaim" | "groups">>;

/** Signs one person in at a real provider that says these claims of them. */
async function signIn(claims: Record<string, unknown>, settings: Settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "daypass-groups-"));
  folders.push(folder);
  const person = { id: "mira", name: "Mira Holt", email: "mira@example.com", groups: [], part: "", claims };
  const oidc = await startOidc({
    folder,
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [home],
    people: [person],
  });
  const openid = createOpenId({
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    redirectUri,
    postLogoutRedirectUri: home,
    scope: "openid profile email groups",
    groupsClaim: "groups",
    clientAuthentication: "basic",
    ...settings,
  });
  const ctx = { ...world.ctx({ kind: "anonymous" }), openid };
  try {
    const { location, cookie } = await beginSignIn(ctx, {});
    const browser = new Browser();
    const picker = await browser.open(location, redirectUri);
    const { url } = await browser.submit(picker, "person", "mira", redirectUri);
    const opened = await finishSignIn(ctx, { cookie, query: url.search });
    const { actor } = await authenticate(ctx, { cookie: opened.cookie });
    return actor.groups;
  } finally {
    await oidc.close();
  }
}

test.each<[string, Record<string, unknown>, Settings, string[]]>([
  ["a list of texts", kept(["leads", "engineers"]), {}, ["leads", "engineers"]],
  ["one text", kept("leads"), {}, ["leads"]],
  ["one text for several", kept("a;b"), { groups: { separator: ";" } }, ["a", "b"]],
  ["objects", kept([{ id: "1", name: "a" }]), { groups: { field: "name" } }, ["a"]],
  [
    "a nested claim",
    { groups: undefined, realm_access: { roles: ["a"] } },
    { groupsClaim: "realm_access.roles" },
    ["a"],
  ],
  [
    "a claim with an address for a name",
    { groups: undefined, "https://example.com/groups": ["a"] },
    { groupsClaim: "https://example.com/groups" },
    ["a"],
  ],
  ["nothing, where that is none", { groups: undefined }, { groups: { whenAbsent: "none" } }, []],
])("a provider may say the groups as %s", async (_what, claims, settings, expected) => {
  expect(await signIn(claims, settings)).toEqual(expected);
});

test.each<[string, Record<string, unknown>, Settings]>([
  ["nothing", { groups: undefined }, {}],
  ["objects", kept([{ id: "1", name: "a" }]), {}],
  ["more than are read", kept(Array.from({ length: 501 }, (_, index) => `g${index}`)), {}],
  [
    "where else to ask, as Entra does",
    {
      groups: undefined,
      _claim_names: { groups: "src1" },
      _claim_sources: { src1: { endpoint: "https://graph.example.com/getMemberObjects" } },
    },
    { groups: { whenAbsent: "none" } },
  ],
])("who is first seen with %s in their place is refused", async (_what, claims, settings) => {
  await isDenied(world, () => signIn(claims, settings), "session.sign-in", "sign-in.groups-unknown");
});
