import { recordedRun } from "../kernel/recorded-run.workflow.ts";

/** One inspection of an instance. */
export function inspectionWorkflow(brokerArn: string) {
  return recordedRun(brokerArn, {
    comment: "Tests the connection to an instance and reads its databases and schemas",
    step: "inspect",
    failedStep: "inspection-failed",
    lost: "inspection.lost",
  });
}
