import { findGrant, savingGrant } from "@daypass/core/grant/grant.store.ts";
import { moved } from "@daypass/core/grant/grant.ts";
import { plusMinutes } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Registered, register } from "../registered.ts";
import { type Api, createApi } from "./api.ts";

let api: Api;
let registered: Registered;
beforeAll(async () => {
  api = await createApi();
  registered = await register(api.world);
});
afterAll(() => api.world.close());

describe("the story over HTTP", () => {
  test("from asking to ending, each step answers with its view", async () => {
    const [engineer, lead, auditor] = await Promise.all([
      api.page("engineer"),
      api.page("lead"),
      api.page("auditor"),
    ]);
    const ask = { databaseId: registered.database.id, level: "read", durationMinutes: 60 };

    const preview = await engineer.send("POST", "/api/requests/preview", ask);
    expect(preview).toMatchObject({ status: 200, body: { allowed: true, automatic: false } });

    const filed = await engineer.send("POST", "/api/requests", { ...ask, reason: "look at order 42" });
    expect(filed).toMatchObject({ status: 201, body: { status: "pending", kind: "access" } });
    const id = String(filed.body["id"]);

    expect((await lead.get("/api/requests?view=to-review")).body["items"]).toMatchObject([{ id }]);
    expect((await lead.get("/api/me")).body).toMatchObject({ inboxCount: 1, roles: ["member"] });
    expect(await lead.get(`/api/requests/${id}`)).toMatchObject({
      status: 200,
      body: { id, may: { review: true } },
    });

    const approved = await lead.send("POST", `/api/requests/${id}/reviews`, {
      decision: "approve",
      durationMinutes: 30,
    });
    expect(approved).toMatchObject({
      status: 200,
      body: { status: "approved", approvedDurationMinutes: 30 },
    });
    const grantId = String(approved.body["grantId"]);
    expect(api.world.timers).toEqual([{ id: grantId, name: grantId }]);

    const again = await lead.send("POST", `/api/requests/${id}/reviews`, { decision: "approve" });
    expect(again).toMatchObject({
      status: 409,
      body: {
        status: 409,
        code: "request.already-decided",
        state: "approved",
        decidedBy: { name: "Tomoko Lind" },
      },
    });

    await activate(grantId);
    const credential = await engineer.send("POST", `/api/grants/${grantId}/credential`);
    expect(credential).toMatchObject({ status: 200, body: { grantId, database: "shop" } });
    expect(await lead.send("POST", `/api/grants/${grantId}/credential`)).toMatchObject({ status: 403 });

    const ended = await engineer.send("POST", `/api/grants/${grantId}/end`, {});
    expect(ended).toMatchObject({ status: 200, body: { state: "revoking", endedBy: "holder" } });

    const story = await auditor.get(`/api/audit?subject=${id}`);
    const operations = (story.body["items"] as { operation: string }[]).map((event) => event.operation);
    expect(operations).toEqual([
      "grant.end",
      "grant.show-credential",
      "grant.show-credential",
      "request.review",
      "request.create",
    ]);
    const csv = await auditor.get(`/api/audit/export?subject=${id}`);
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.headers.get("content-disposition")).toMatch(
      /^attachment; filename="daypass-audit-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(csv.text.split("\r\n")[0]).toMatch(/^at,operation,outcome/);

    const everything = JSON.stringify(api.logLines) + JSON.stringify(await api.world.events());
    expect(everything).not.toContain(String(credential.body["password"]));
    for (const cookie of api.cookies.values()) expect(everything).not.toContain(cookie);
  });
});

describe("administration over HTTP", () => {
  test("places, instances and policies are made, changed and deleted", async () => {
    const administrator = await api.page("administrator");
    const made = async (path: string, body: object) => {
      const answer = await administrator.send("POST", path, body);
      expect(answer.status, answer.text).toBe(201);
      return answer.body as { id: string; version: number };
    };
    const environment = await made("/api/environments", { name: "dev", rank: 10, protected: false });
    const network = await made("/api/networks", { name: "office" });
    const instance = await made("/api/instances", {
      name: "shop-dev",
      engine: "postgres",
      environmentId: environment.id,
      networkId: network.id,
      secretName: "daypass/admin/shop-dev",
    });
    const inspected = await administrator.send("POST", `/api/instances/${instance.id}/inspections`);
    expect(inspected).toMatchObject({ status: 200, body: { inspection: { status: "running" } } });
    const policy = {
      name: "Analysts read dev",
      effect: "allow",
      who: { groups: ["analysts"] },
      may: { levels: ["read"] },
      on: { environments: ["dev"] },
      for: { maxDurationMinutes: 60 },
      approval: [],
    };
    const written = await made("/api/policies", policy);
    const changed = { version: written.version, policy: { ...policy, description: "every day" } };
    const renamed = { name: "development", rank: 11, protected: false, version: environment.version };
    for (const [method, path, body, status] of [
      ["PUT", `/api/policies/${written.id}`, changed, 200],
      ["DELETE", `/api/policies/${written.id}?version=${written.version + 1}`, undefined, 204],
      ["PUT", `/api/environments/${environment.id}`, renamed, 200],
      ["DELETE", `/api/environments/${environment.id}?version=2`, undefined, 409],
      ["DELETE", `/api/instances/${instance.id}?version=1`, undefined, 204],
    ] as const) {
      const answer = await administrator.send(method, path, body);
      expect(answer.status, `${method} ${path} ${answer.text}`).toBe(status);
    }
  });

  test("every list and every page answers with its view", async () => {
    const administrator = await api.page("administrator");
    const { database, instance } = registered;
    for (const path of [
      "/api/me",
      "/api/databases?q=shop",
      `/api/databases/${database.id}`,
      "/api/requests?view=all",
      "/api/requests?view=all&status=approved",
      "/api/grants?view=all",
      "/api/grants?view=active",
      "/api/grants",
      "/api/audit?limit=100",
      "/api/audit/export?format=json",
      "/api/environments",
      "/api/networks",
      "/api/instances",
      `/api/instances/${instance.id}`,
      "/api/policies",
      "/api/policies/matrix",
      "/api/users?q=erin",
      "/api/tokens",
    ]) {
      const answer = await administrator.get(path);
      expect(answer.status, `${path} ${answer.text}`).toBe(200);
    }
    const question = { databaseId: database.id, level: "read", durationMinutes: 60 };
    const engineer = api.world.people.engineer.id;
    const mine = await administrator.send("POST", "/api/policies/explain", question);
    expect(mine).toMatchObject({ status: 200, body: { decision: { outcome: "refused" } } });
    const theirs = await administrator.send("POST", "/api/policies/explain", {
      ...question,
      userId: engineer,
    });
    expect(theirs).toMatchObject({ status: 200, body: { decision: { outcome: "allowed" } } });
  });
});

/** As the broker would, once the account can log in. */
async function activate(grantId: string): Promise<void> {
  const { world } = api;
  const planned = await findGrant(world, grantId as Id<"grant">);
  if (!planned) throw new Error("no grant");
  const now = world.clock.now();
  const endsAt = plusMinutes(now, planned.durationMinutes);
  const times = { startedAt: now, endsAt, databaseEndsAt: endsAt };
  const provisioning = moved(planned, "provisioning", times);
  await commitAll(world, [savingGrant(world, provisioning)]);
  await commitAll(world, [savingGrant(world, moved(provisioning, "active"))]);
}
