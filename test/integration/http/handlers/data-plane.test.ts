import { LambdaClient } from "@aws-sdk/client-lambda";
import { listInstances } from "@daypass/core/catalog/instance.store.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { callRunner } from "@daypass/functions/control-plane/call-runner.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { invocation } from "../one-machine.ts";
import { ctxOfSetup, type Deployed, deploy, eventually, type Handler } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy();
});

describe("the broker", () => {
  test.each([
    [{ step: "turn" }],
    [{ step: "turn", grantId: "grt_1" }],
    [{ step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN", force: true }],
    [{ step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN", by: "administrator" }],
    [{ step: "drop-everything" }],
    [null],
  ])("refuses %j", async (event) => {
    const broker = (await import("@daypass/functions/handlers/broker.ts")).handler as unknown as Handler;
    await expect(broker(event as object, invocation())).rejects.toThrow(
      "The log of this invocation says why.",
    );
  });

  test("is done with a grant that does not exist", async () => {
    const broker = (await import("@daypass/functions/handlers/broker.ts")).handler as unknown as Handler;
    const turn = { step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" };
    expect(await broker(turn, invocation())).toEqual({ next: "done" });
  });
});

describe("comparing ledger and accounts", () => {
  test("a person's run goes from the click through the workflow to the broker, and its end is on record", async () => {
    const administrator = await deployed.pageOf("priya-castell");
    const [instance] = await listInstances(ctxOfSetup());
    const begun = await administrator.post(`/api/instances/${instance?.id}/reconcile`, { mode: "dry-run" });
    expect(begun.statusCode, begun.body).toBe(200);
    expect(JSON.parse(begun.body)).toMatchObject({
      status: "running",
      mode: "dry-run",
      startedBy: "Priya Castell",
      instance: { name: "shop-production" },
    });
    const ended = await eventually(async () => {
      const { body } = await administrator.get("/api/reconciliations");
      const { items } = JSON.parse(body) as { items: { status: string; error: string | null }[] };
      return items.find(({ status }) => status !== "running");
    });
    expect(ended).toMatchObject({ status: "failed", mode: "dry-run" });
    expect(ended.error).toMatch(/127\.0\.0\.1/);
    expect(ended.error).not.toContain("hunter2");
  });

  test("the sweeper's step is done by the broker as the sweeper", async () => {
    const broker = (await import("@daypass/functions/handlers/broker.ts")).handler as unknown as Handler;
    const [instance] = await listInstances(ctxOfSetup());
    const before = await findReconciliation(ctxOfSetup(), instance?.id ?? ("" as Id<"instance">));
    await broker({ step: "reconcile", instanceId: instance?.id, by: "sweeper" }, invocation());
    const after = await findReconciliation(ctxOfSetup(), instance?.id ?? ("" as Id<"instance">));
    expect(after).toMatchObject({ mode: "repair", status: "failed" });
    expect(after?.run).not.toBe(before?.run);
    await expect(
      broker({ step: "reconcile", instanceId: instance?.id, mode: "repair" }, invocation()),
    ).rejects.toThrow();
  });
});

describe("the runner", () => {
  const runner = async () =>
    (await import("@daypass/functions/handlers/runner.ts")).handler as unknown as Handler;

  test.each([
    [{ step: "test-access" }],
    [{ step: "test-access", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN", host: "db.example.com" }],
    [{ step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }],
    [null],
  ])("refuses %j", async (event) => {
    await expect((await runner())(event as object, invocation())).rejects.toThrow(
      "The log of this invocation says why.",
    );
  });

  test("has nothing to do for a grant that does not exist", async () => {
    const step = { step: "test-access", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" };
    expect(await (await runner())(step, invocation())).toMatchObject({ ok: false, reason: "not-active" });
  });

  test("is called by the API through Lambda, and what it answers is looked at", async () => {
    const call = (name: string) =>
      callRunner(
        { client: new LambdaClient(), clock: { sleep: async () => undefined } },
        name,
        "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
      );
    expect(await call("daypass-runner")).toMatchObject({ ok: false, reason: "not-active" });
    for (const name of ["daypass-broker", "daypass-nobody"]) {
      await expect(call(name)).rejects.toMatchObject({ code: "runner.unavailable" });
    }
  });
});
