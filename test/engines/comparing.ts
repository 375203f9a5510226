import type { BrokerContext } from "@daypass/core/grant/account-engine.port.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import type { Engine, Target } from "@daypass/databases/engine.ts";
import { accountServerOf } from "@daypass/functions/data-plane/account-server.ts";
import { newPassword } from "@daypass/functions/data-plane/new-password.ts";
import { expect } from "vitest";
import { createStory, type Story, sweeper, workflow } from "../integration/story.ts";

/** A ledger and a real server that are compared, at the machine's time. */
export type Comparing = {
  story: Story;
  /** Where the instance's secret points from now on. */
  pointTo: (target: Target) => void;
  /** A grant whose account is on the server. */
  lent: () => Promise<Grant>;
  /** Ends a grant and takes its account back. */
  ended: (id: Id<"grant">) => Promise<Grant>;
  /** What a repair found, and did about it. */
  reconciled: () => Promise<Found>;
  /** What a run that touches nothing found. */
  dryRun: () => Promise<Found>;
  /** What the last run said of its first difference. */
  message: () => Promise<string | undefined>;
};

type Found = (readonly [kind: string, account: string, action: string])[];

export async function compare(engine: Engine, server: Target): Promise<Comparing> {
  const story = await createStory();
  story.world.clock.advance({ ms: Date.now() - epochMs(story.world.clock.now()) });
  const instanceId = story.registered.instance.id;
  let target = server;

  function broker(actor: typeof sweeper | typeof workflow): BrokerContext {
    return {
      ...story.server.broker(actor),
      newPassword,
      accountServer: async (_instance, address) =>
        accountServerOf(engine, { ...target, server: { ...target.server, ...address } }),
    };
  }
  async function turned(id: Id<"grant">): Promise<Grant> {
    await advanceGrant(broker(sweeper), id);
    const grant = await story.grant(id);
    expect(grant.failure).toBeUndefined();
    return grant;
  }
  async function differences() {
    const last = await findReconciliation(story.world, instanceId);
    expect(last).toMatchObject({ status: "done" });
    return last?.differences ?? [];
  }
  async function found(): Promise<Found> {
    return (await differences()).map(({ kind, account, action }) => [kind, account, action]);
  }
  return {
    story,
    pointTo(elsewhere) {
      target = elsewhere;
    },
    async lent() {
      const { id } = await story.plannedGrant();
      const grant = await turned(id);
      expect(grant.state).toBe("active");
      return grant;
    },
    async ended(id) {
      await endGrant(story.ctx("engineer"), { id });
      const grant = await turned(id);
      expect(grant.state).toBe("revoked");
      return grant;
    },
    async reconciled() {
      await runReconciliation(broker(sweeper), instanceId);
      return found();
    },
    async dryRun() {
      await startReconciliation(story.ctx("administrator"), { id: instanceId, mode: "dry-run" });
      await runReconciliation(broker(workflow), instanceId);
      return found();
    },
    message: async () => (await differences())[0]?.message,
  };
}
