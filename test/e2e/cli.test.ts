import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import type { NewTokenView } from "@daypass/core/identity/user.view.ts";
import type { ReconciliationView } from "@daypass/core/reconciliation/reconciliation.view.ts";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daypass } from "./daypass.ts";
import { administratorOf, ownerOf } from "./owner.ts";
import { Person } from "./person.ts";
import { System } from "./system.ts";

let system: System;
let owner: pg.Client;
let engineer: Person;
let env: Record<string, string>;

beforeAll(async () => {
  system = await System.create();
  owner = await ownerOf(system);
  engineer = await Person.signIn(system.url, "erin-vale");
  await engineer.database("shop", "production");
  await engineer.database("shop_staging", "staging");
  env = { DAYPASS_URL: system.url, DAYPASS_TOKEN: await tokenOf("priya-castell", ["read", "administer"]) };
}, 120_000);
afterAll(async () => {
  await owner?.end();
  await system?.close();
});

async function tokenOf(person: string, scopes: string[]): Promise<string> {
  const somebody = await Person.signIn(system.url, person);
  const made = await somebody.post<NewTokenView>("/api/tokens", { name: "cli", scopes, expiresInDays: 1 });
  return made.secret;
}

async function lend(): Promise<GrantView> {
  const { id } = await engineer.database("shop_staging", "staging");
  const request = await engineer.ask(id, { durationMinutes: 60 });
  return engineer.grantIn(request.id.replace("req_", "grt_"), ["active"], 60);
}

const reconcile = (...args: string[]) => daypass(["reconcile", ...args], env);
type Report = { exitCode: number; differenceCount: number; instances: ReconciliationView[] };
async function found(...args: string[]) {
  const { code, stdout, stderr } = await reconcile("--json", ...args);
  expect(stdout, stderr).not.toBe("");
  const report = JSON.parse(stdout) as Report;
  expect(report.exitCode).toBe(code);
  return { code, differences: report.instances.flatMap(({ differences }) => differences) };
}
const canLogin = async (role: string) => {
  const { rows } = await owner.query<{ rolcanlogin: boolean }>(
    "select rolcanlogin from pg_roles where rolname = $1",
    [role],
  );
  return rows[0]?.rolcanlogin;
};

test("says nothing on a clean system, while access runs and after it", async () => {
  const grant = await lend();
  const running = await reconcile("--dry-run");
  expect(running).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^No difference on [23] instances/),
  });
  expect(running.stderr).toContain("nothing is touched");
  await engineer.post(`/api/grants/${grant.id}/end`);
  await engineer.grantIn(grant.id, ["revoked"], 60);
  expect(await reconcile()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^No difference on/) });
});

function markerOf(ulid: string, account: string, stack = "local"): string {
  return `daypass stack=${stack} grant=grt_${ulid} account=${account}`;
}

describe("an account made by hand with our prefix and marker", () => {
  const ulid = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  const orphan = `dp_${ulid.toLowerCase()}`;
  /** Similar by name, or by a marker of another installation: none of our business. */
  const others = ["dp_reporting", "dp_01jd8z5k3qw8r4t6y2x9v7b1cm", "dp_01jd8z5k3qw8r4t6y2x9v7b1cp"] as const;

  beforeAll(async () => {
    const administrator = await administratorOf(system);
    await administrator.query(`create role ${orphan} login password 'by hand'`);
    await administrator.query(`comment on role ${orphan} is '${markerOf(ulid, orphan)}'`);
    await administrator.end();
    for (const role of others) await owner.query(`create role ${role} login password 'by hand'`);
    await owner.query(
      `comment on role ${others[2]} is '${markerOf(`${ulid.slice(0, -1)}P`, others[2], "elsewhere")}'`,
    );
  });
  afterAll(async () => {
    for (const role of [orphan, ...others]) await owner.query(`drop role if exists ${role}`);
  });

  test("is found by a dry run, which touches nothing", async () => {
    const { code, stdout } = await reconcile("--dry-run", "--instance", "shop-production");
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`shop-production +${orphan} +unknown to the ledger +nothing`));
    expect(stdout).toContain("1 difference on 1 of 1 instance.");
    expect(await canLogin(orphan)).toBe(true);
  });

  test("is locked without --dry-run, and accounts of somebody else with similar names are not touched", async () => {
    const { code, differences } = await found();
    expect(code).toBe(1);
    expect(differences).toContainEqual(
      expect.objectContaining({
        kind: "unknown",
        account: orphan,
        action: "quarantined",
        dropAfter: expect.any(String),
      }),
    );
    expect(await canLogin(orphan)).toBe(false);
    for (const other of others) expect(await canLogin(other), other).toBe(true);
    expect(differences.map(({ account }) => account)).not.toEqual(expect.arrayContaining([...others]));
  });
});

test("one that our own user may not touch is told with why, and stays as it is", async () => {
  const ulid = "01JD8Z5K3QW8R4T6Y2X9V7B1CQ";
  const account = `dp_${ulid.toLowerCase()}`;
  await owner.query(`create role ${account} login password 'by hand'`);
  await owner.query(`comment on role ${account} is '${markerOf(ulid, account)}'`);
  const { code, differences } = await found("--instance", "shop-production");
  expect(code).toBe(1);
  expect(differences).toMatchObject([
    { kind: "unknown", account, action: "failed", message: expect.stringContaining("permission denied") },
  ]);
  await owner.query(`drop role ${account}`);
});

describe("an account of running access", () => {
  test("that was dropped by hand is missing", async () => {
    const grant = await lend();
    const staging = await ownerOf(system, "shop_staging");
    await staging.query(`drop owned by ${grant.account}`);
    await staging.query(`drop role ${grant.account}`);
    await staging.end();
    const { code, differences } = await found("--dry-run", "--instance", "shop-staging");
    expect(code).toBe(1);
    expect(differences).toMatchObject([{ kind: "missing", account: grant.account, grantId: grant.id }]);
    await engineer.post(`/api/grants/${grant.id}/end`);
    await engineer.grantIn(grant.id, ["revoked"], 60);
  });

  test("that was given another right, or a later end, is told with what", async () => {
    const grant = await lend();
    await owner.query(`grant pg_read_all_data to ${grant.account}`);
    await owner.query(`alter role ${grant.account} valid until 'infinity'`);
    const { code, differences } = await found("--dry-run", "--instance", "shop-staging");
    expect(code).toBe(1);
    expect(differences.map(({ kind, account }) => `${kind} ${account}`).toSorted()).toEqual([
      `extra-right ${grant.account}`,
      `wrong-expiry ${grant.account}`,
    ]);
    expect(JSON.stringify(differences)).toContain("pg_read_all_data");
    await engineer.post(`/api/grants/${grant.id}/end`);
    await engineer.grantIn(grant.id, ["revoked"], 60);
  });
});

describe("what cannot be checked", () => {
  test("a server that does not answer is 2, and named", async () => {
    await system.stopPostgres();
    try {
      const { code, stdout } = await reconcile("--dry-run", "--timeout", "3m");
      expect(code).toBe(2);
      expect(stdout).toMatch(/shop-production could not be checked: .+/);
    } finally {
      await system.startPostgres();
    }
  }, 200_000);

  test.each([
    ["an unknown instance", ["--instance", "shop"], {}, 'There is no instance "shop"'],
    ["a wrong option", ["--froce"], {}, "Unknown option '--froce'"],
    ["no token", [], { DAYPASS_TOKEN: "" }, "There is no token."],
    [
      "a token that is no good",
      [],
      { DAYPASS_TOKEN: `dpt_01JD8Z5K3QW8R4T6Y2X9V7B1CN_${"x".repeat(43)}` },
      "make another",
    ],
    ["nobody at the address", [], { DAYPASS_URL: "http://127.0.0.1:9" }, "does not answer"],
  ])("%s is 2, with what to do", async (_what, args, more, text) => {
    const { code, stdout, stderr } = await daypass(["reconcile", ...args], { ...env, ...more });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(text);
  });

  test("for somebody who is no administrator, or with too small a token, is 2", async () => {
    for (const [person, scopes] of [
      ["erin-vale", ["read", "administer"]],
      ["priya-castell", ["read"]],
    ] as const) {
      const token = await tokenOf(person, [...scopes]);
      const { code, stderr } = await daypass(["reconcile", "--dry-run"], { ...env, DAYPASS_TOKEN: token });
      expect(code).toBe(2);
      expect(stderr).toContain("Read and Administer");
      expect(stderr).not.toContain(token);
    }
  });
});

test("a file with the token works, unless others may read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "daypass-cli-"));
  try {
    const config = join(folder, "config.json");
    await writeFile(config, JSON.stringify({ url: system.url, token: env["DAYPASS_TOKEN"] }), {
      mode: 0o600,
    });
    expect((await daypass(["reconcile", "-n", "--config", config], {})).code).toBe(0);
    await chmod(config, 0o644);
    const refused = await daypass(["reconcile", "-n", "--config", config], {});
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("not for your eyes alone");
  } finally {
    await rm(folder, { recursive: true });
  }
});
