/** One comparison of ledger and accounts, in the Amazon States Language (JSONPath). Its input is `{ instanceId }`; how
 * and what was found is in the table, never in the execution. Every failure ends in a record that says so. */
export function reconciliationWorkflow(brokerArn: string) {
  return {
    Comment: "Compares the ledger with the accounts on an instance",
    StartAt: "Reconcile",
    TimeoutSeconds: 540,
    States: {
      Reconcile: {
        Type: "Task",
        Resource: brokerArn,
        Parameters: { step: "reconcile", "instanceId.$": "$.instanceId" },
        ResultPath: null,
        TimeoutSeconds: 120,
        Retry: [
          {
            ErrorEquals: ["States.ALL"],
            IntervalSeconds: 2,
            BackoffRate: 2,
            MaxAttempts: 2,
            JitterStrategy: "FULL",
          },
        ],
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "RecordFailure" }],
        Next: "Done",
      },
      RecordFailure: {
        Type: "Task",
        Resource: brokerArn,
        Parameters: { step: "reconciliation-failed", "instanceId.$": "$.instanceId" },
        ResultPath: null,
        TimeoutSeconds: 30,
        Retry: [
          {
            ErrorEquals: ["States.ALL"],
            IntervalSeconds: 2,
            BackoffRate: 2,
            MaxAttempts: 4,
            MaxDelaySeconds: 30,
            JitterStrategy: "FULL",
          },
        ],
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Lost" }],
        Next: "Done",
      },
      Lost: {
        Type: "Fail",
        Error: "reconciliation.lost",
        Cause: "The failure could not be recorded; the page shows the run as not finished after 10 minutes",
      },
      Done: { Type: "Succeed" },
    },
  } as const;
}
