/** One inspection, in the Amazon States Language (JSONPath). Its input is `{ instanceId }`; what was found goes into
 * the table, never through the execution. Every failure ends in a record that says so. */
export function inspectionWorkflow(brokerArn: string) {
  return {
    Comment: "Tests the connection to an instance and reads its databases and schemas",
    StartAt: "Inspect",
    TimeoutSeconds: 540,
    States: {
      Inspect: {
        Type: "Task",
        Resource: brokerArn,
        Parameters: { step: "inspect", "instanceId.$": "$.instanceId" },
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
        Parameters: { step: "inspection-failed", "instanceId.$": "$.instanceId" },
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
        Error: "inspection.lost",
        Cause: "The failure could not be recorded; the page shows the run as not finished after 10 minutes",
      },
      Done: { Type: "Succeed" },
    },
  } as const;
}
