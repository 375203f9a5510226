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
