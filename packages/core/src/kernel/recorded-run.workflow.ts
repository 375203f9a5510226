/** One run of a broker's step on an instance, in the Amazon States Language (JSONPath). Its input is `{ instanceId }`; how
 * and what was found is in the table, never in the execution. Every failure ends in a record that says so. */
export function recordedRun(
  brokerArn: string,
  { comment, step, failedStep, lost }: { comment: string; step: string; failedStep: string; lost: string },
) {
  return {
    Comment: comment,
    StartAt: "Run",
    TimeoutSeconds: 540,
    States: {
      Run: {
        Type: "Task",
        Resource: brokerArn,
        Parameters: { step, "instanceId.$": "$.instanceId" },
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
        Parameters: { step: failedStep, "instanceId.$": "$.instanceId" },
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
        Error: lost,
        Cause: "The failure could not be recorded; the page shows the run as not finished after 10 minutes",
      },
      Done: { Type: "Succeed" },
    },
  } as const;
}
