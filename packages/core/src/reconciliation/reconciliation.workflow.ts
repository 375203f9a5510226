import { recordedRun } from "../kernel/recorded-run.workflow.ts";

/** One comparison of ledger and accounts on an instance. */
export function reconciliationWorkflow(brokerArn: string) {
  return recordedRun(brokerArn, {
    comment: "Compares the ledger with the accounts on an instance",
    step: "reconcile",
    failedStep: "reconciliation-failed",
    lost: "reconciliation.lost",
  });
}
