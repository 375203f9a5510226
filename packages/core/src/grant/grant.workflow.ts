/** The timer of one grant, in the Amazon States Language (JSONPath). It holds nothing but the grant's id: at each
 * wake-up the broker looks at the ledger and says what comes next. Every failure leads to another look; after
 * `maxTurns` looks, well before the history limit of 25,000 events, the sweeper goes on alone. */
export function grantWorkflow(brokerArn: string) {
  return {
    Comment: "Waits for the end of one grant and sees to it that the account is revoked",
    StartAt: "Begin",
    States: {
      Begin: {
        Type: "Pass",
        Parameters: { "grantId.$": "$.grantId", turns: 0 },
        Next: "Turn",
      },
      Turn: {
        Type: "Task",
        Resource: brokerArn,
        Parameters: { step: "turn", "grantId.$": "$.grantId" },
        ResultPath: "$.turn",
        TimeoutSeconds: 120,
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
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Rest" }],
        Next: "Count",
      },
      Count: {
        Type: "Pass",
        Parameters: {
          "grantId.$": "$.grantId",
          "turns.$": "States.MathAdd($.turns, 1)",
          "turn.$": "$.turn",
        },
        Next: "Decide",
      },
      Decide: {
        Comment: "A path that is missing would end the execution, so whatever is read is looked for first",
        Type: "Choice",
        Choices: [
          { And: [hasNext, { Variable: "$.turn.next", StringEquals: "done" }], Next: "Done" },
          { Variable: "$.turns", NumericGreaterThanEquals: maxTurns, Next: "HandOver" },
          {
            And: [
              hasNext,
              { Variable: "$.turn.next", StringEquals: "wait" },
              { Variable: "$.turn.until", IsPresent: true },
              { Variable: "$.turn.until", IsTimestamp: true },
            ],
            Next: "Wait",
          },
        ],
        Default: "Pause",
      },
      Wait: { Type: "Wait", TimestampPath: "$.turn.until", Next: "Turn" },
      Pause: { Type: "Wait", Seconds: 1, Next: "Turn" },
      Rest: { Type: "Wait", Seconds: 60, Next: "CountRest" },
      CountRest: {
        Type: "Pass",
        Parameters: { "grantId.$": "$.grantId", "turns.$": "States.MathAdd($.turns, 1)" },
        Next: "RestedEnough",
      },
      RestedEnough: {
        Type: "Choice",
        Choices: [{ Variable: "$.turns", NumericGreaterThanEquals: maxTurns, Next: "HandOver" }],
        Default: "Turn",
      },
      HandOver: { Type: "Succeed", Comment: "The sweeper looks at it every minute until it is revoked" },
      Done: { Type: "Succeed" },
    },
  } as const;
}

export const maxTurns = 200;
const hasNext = { Variable: "$.turn.next", IsPresent: true } as const;
