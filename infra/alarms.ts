/// <reference path="../.sst/platform/config.d.ts" />
import { type MetricName, metricDimension, metricNamespace } from "../packages/functions/src/metric-names.ts";
import type { Api, Deployed } from "./api.ts";
import { idOf, logGroupOf } from "./functions.ts";
import type { FailureQueue } from "./queues.ts";
import type { Stage } from "./stage.ts";
import { policy } from "./statement.ts";

type Watched = {
  api: Api;
  networks: Deployed;
  sweep: sst.aws.Function;
  consumers: Record<"notify" | "archive", sst.aws.Function>;
  failures: FailureQueue;
};
type Metric = { namespace: string; name: string; dimensions: Record<string, $util.Input<string>> };
type Alarm = {
  says: string;
  metrics: readonly Metric[];
  /** Of all metrics together, in each period. */
  threshold: number;
  isBelow?: boolean;
  statistic?: "Sum" | "Maximum";
  periodSeconds: number;
  periods?: number;
  /** Whether silence is an alarm. */
  isMissingBad?: boolean;
};

/** Every failure that the guarantee names has an alarm within five minutes, and every alarm goes to people. CloudWatch
 * is paid by the metric that an alarm looks at, so each is looked at once. */
export function createAlarms(stage: Stage, watched: Watched): aws.sns.Topic {
  const topic = new aws.sns.Topic("Alarms", { name: stage.named("alarms") });
  new aws.sns.TopicPolicy("AlarmsPolicy", {
    arn: topic.arn,
    policy: policy([
      {
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic.arn,
        Condition: { StringEquals: { "aws:SourceAccount": stage.accountId } },
      },
    ]),
  });
  for (const [index, endpoint] of stage.settings.alarms.emails.entries()) {
    new aws.sns.TopicSubscription(`AlarmsMail${index}`, { topic: topic.arn, protocol: "email", endpoint });
  }
  countAlarmLines(stage, "sweep", watched.sweep);
  for (const { name, broker } of watched.networks) countAlarmLines(stage, `broker-${name}`, broker);
  for (const [id, alarm] of Object.entries(alarmsOf(stage, watched))) createAlarm(stage, topic, id, alarm);
  return topic;
}

/** What the ledger calls an alarm is a line in the log of whoever saw it: an account that is late, missing, back again or
 * nobody's. Counted by the log itself, which costs nothing while there is none. */
function countAlarmLines(stage: Stage, part: string, by: sst.aws.Function): void {
  new aws.cloudwatch.LogMetricFilter(
    `${idOf(part)}Alarms`,
    {
      name: stage.named(`${part}-alarms`),
      logGroupName: logGroupOf(stage, part),
      pattern: '{ $.message = "alarm" }',
      metricTransformation: {
        namespace: metricNamespace,
        name: alarmLines(stage),
        value: "1",
        unit: "Count",
      },
    },
    { dependsOn: [by] },
  );
}

/** Filters know no dimension that is not in the line. */
const alarmLines = (stage: Stage) => `Alarms-${stage.name}`;

function alarmsOf(
  stage: Stage,
  { api, networks, sweep, consumers, failures }: Watched,
): Record<string, Alarm> {
  const ofFunction = (name: string) => (fn: sst.aws.Function) => ({
    namespace: "AWS/Lambda",
    name,
    dimensions: { FunctionName: fn.name },
  });
  const counted = (name: MetricName): Metric => ({
    namespace: metricNamespace,
    name,
    dimensions: { [metricDimension]: stage.name },
  });
  // Of the consumers, what fails for good comes to the queue, and what is late is seen by its age.
  const behind = [sweep, ...networks.flatMap(({ broker, runner }) => [broker, runner])];
  return {
    RevocationLate: {
      says: "An account is still there five minutes after its end; the front page of administrators says which",
      metrics: [counted("GrantsOverdue")],
      threshold: 1,
      statistic: "Maximum",
      periodSeconds: 60,
    },
    LedgerAlarm: {
      says: "An account is late, missing, back again or nobody's; the log of the broker or sweeper says which",
      metrics: [{ namespace: metricNamespace, name: alarmLines(stage), dimensions: {} }],
      threshold: 1,
      periodSeconds: 60,
    },
    TrailAltered: {
      says: "Somebody changed or removed an event of the audit trail in the table; the archive has it as it was",
      metrics: [counted("TrailAltered")],
      threshold: 1,
      periodSeconds: 60,
    },
    SweeperSilent: {
      says: "The sweeper did not run for five minutes: what a timer left undone is not found",
      metrics: [ofFunction("Invocations")(sweep)],
      threshold: 1,
      isBelow: true,
      periodSeconds: 300,
      isMissingBad: true,
    },
    FailuresWaiting: {
      says: "Something failed for good and lies in a failure queue",
      metrics: [
        {
          namespace: "AWS/SQS",
          name: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: failures.queue.name },
        },
      ],
      threshold: 1,
      statistic: "Maximum",
      periodSeconds: 300,
    },
    StreamLate: {
      says: "Notifications or the audit archive are five minutes behind the table",
      metrics: Object.values(consumers).map(ofFunction("IteratorAge")),
      threshold: 300_000,
      statistic: "Maximum",
      periodSeconds: 300,
    },
    FunctionErrors: {
      says: "A function failed again and again for fifteen minutes; its log says why",
      metrics: behind.map(ofFunction("Errors")),
      threshold: 3,
      periodSeconds: 300,
      periods: 3,
    },
    TimersFailed: {
      says: "The timer of a grant failed, which none should ever do; the sweeper goes on alone",
      metrics: networks.map(({ workflows }) => ({
        namespace: "AWS/States",
        name: "ExecutionsFailed",
        dimensions: { StateMachineArn: workflows.grant.arn },
      })),
      threshold: 1,
      periodSeconds: 300,
    },
    ApiFails: {
      says: "The API answers with errors of its own",
      metrics: [
        { namespace: "AWS/ApiGateway", name: "5xx", dimensions: { ApiId: api.gateway.id } },
        ofFunction("Url5xxCount")(api.stream),
      ],
      threshold: 5,
      periodSeconds: 300,
    },
  };
}

function createAlarm(stage: Stage, topic: aws.sns.Topic, id: string, alarm: Alarm): void {
  const { says, metrics, threshold, statistic = "Sum", periodSeconds, periods = 1 } = alarm;
  const [only] = metrics;
  new aws.cloudwatch.MetricAlarm(`${id}Alarm`, {
    name: stage.named(id),
    alarmDescription: says,
    comparisonOperator: alarm.isBelow ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
    threshold,
    evaluationPeriods: periods,
    treatMissingData: alarm.isMissingBad ? "breaching" : "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    ...(metrics.length === 1 && only
      ? {
          namespace: only.namespace,
          metricName: only.name,
          dimensions: only.dimensions,
          statistic,
          period: periodSeconds,
        }
      : { metricQueries: together(metrics, statistic, periodSeconds) }),
  });
}

/** Several metrics as one number; a metric that says nothing counts as zero. */
function together(metrics: readonly Metric[], statistic: "Sum" | "Maximum", periodSeconds: number) {
  const ids = metrics.map((_metric, index) => `m${index}`);
  const combine = statistic === "Maximum" ? "MAX" : "SUM";
  return [
    {
      id: "all",
      label: "all together",
      returnData: true,
      expression: `${combine}([${ids.map((id) => `FILL(${id}, 0)`).join(", ")}])`,
    },
    ...metrics.map(({ namespace, name, dimensions }, index) => ({
      id: `m${index}`,
      returnData: false,
      metric: { namespace, metricName: name, dimensions, stat: statistic, period: periodSeconds },
    })),
  ];
}
