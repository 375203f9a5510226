import { failInspection } from "@daypass/core/catalog/fail-inspection.ts";
import { runInspection } from "@daypass/core/catalog/run-inspection.ts";
import { advanceGrant, type Turn } from "@daypass/core/grant/advance-grant.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { failReconciliation } from "@daypass/core/reconciliation/fail-reconciliation.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { z } from "zod";
import { brokerContexts } from "../data-plane.ts";
import { shell } from "./shell.ts";

/** A step has ids and nothing else: what is to be done is read from the ledger. */
const stepSchema = z.discriminatedUnion("step", [
  z.strictObject({
    step: z.literal("turn"),
    grantId: idSchema("grant"),
    /** Who has it looked at; without it, the grant's timer. */
    by: z.literal("sweeper").optional(),
  }),
  z.strictObject({ step: z.literal("inspect"), instanceId: idSchema("instance") }),
  z.strictObject({ step: z.literal("inspection-failed"), instanceId: idSchema("instance") }),
  z.strictObject({
    step: z.literal("reconcile"),
    instanceId: idSchema("instance"),
    /** Without it, the workflow of a run that a person began. */
    by: z.literal("sweeper").optional(),
  }),
  z.strictObject({ step: z.literal("reconciliation-failed"), instanceId: idSchema("instance") }),
]);

const contextFor = brokerContexts();

/** The one function of a network that touches databases; called by workflows and the sweeper. */
export const handler = shell("broker", async (event: unknown, _context, invocation): Promise<Turn | null> => {
  const step = stepSchema.parse(event);
  const ctx = contextFor(invocation, ("by" in step && step.by) || "workflow");
  switch (step.step) {
    case "turn":
      return advanceGrant(ctx, step.grantId);
    case "inspect":
      await runInspection(ctx, step.instanceId);
      return null;
    case "inspection-failed":
      await failInspection(ctx, step.instanceId);
      return null;
    case "reconcile":
      await runReconciliation(ctx, step.instanceId);
      return null;
    case "reconciliation-failed":
      await failReconciliation(ctx, step.instanceId);
      return null;
  }
});
