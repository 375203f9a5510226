import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { accountName, type Grant } from "@daypass/core/grant/grant.ts";
import { epochMs, plusMinutes } from "@daypass/core/kernel/clock.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { type Id, newId } from "@daypass/core/kernel/ids.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import type { Reconciliation } from "@daypass/core/reconciliation/reconciliation.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { type Story, sweeper, workflow } from "../story.ts";

/** The ledger of a story and the accounts of its server, and what comparing them says. */
export type Comparison = {
  instanceId: Id<"instance">;
  /** Compares and repairs, as the sweeper unless said otherwise. */
  run: (actor?: Actor) => Promise<void>;
  dryRun: () => Promise<void>;
  last: () => Promise<Reconciliation>;
  found: () => Promise<(readonly [kind: string, action: string])[]>;
  /** An account of ours that the ledger knows nothing of. */
  stray: () => string;
  revokedGrant: () => Promise<Grant>;
};

export function comparisonOf(story: Story): Comparison {
  const instanceId = story.registered.instance.id;
  const run = async (actor: Actor = sweeper) => {
    await runReconciliation(story.server.broker(actor), instanceId);
  };
  const last = async () =>
    (await findReconciliation(story.world, instanceId)) ?? fail("nothing is on record");
  return {
    instanceId,
    run,
    async dryRun() {
      await startReconciliation(story.ctx("administrator"), { id: instanceId, mode: "dry-run" });
      await run(workflow);
    },
    last,
    found: async () => (await last()).differences.map(({ kind, action }) => [kind, action] as const),
    stray() {
      const grantId = newId("grant", story.world.ids);
      const name = accountName(grantId);
      const plan = {
        name,
        grantId,
        database: "shop",
        level: "read" as const,
        scope: { kind: "database" as const },
        expiresAtMs: epochMs(plusMinutes(story.world.clock.now(), 600)),
      };
      story.server.accounts.set(name, { plan, password: "x", canLogin: true });
      return name;
    },
    async revokedGrant() {
      const { id } = await story.activeGrant();
      await endGrant(story.ctx("engineer"), { id });
      await story.turn(id);
      return story.grant(id);
    },
  };
}

export function fail(message: string): never {
  throw new Error(message);
}
