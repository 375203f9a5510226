import { readFileSync } from "node:fs";
import { join } from "node:path";
import { functionsIn, ofType, statementsIn } from "../render/policies.ts";
import type { Rendered } from "../render/rendered.ts";
import { exampleSettings } from "../render/settings-of-stage.ts";
import { type Guarantee, unless } from "./guarantee.ts";

type Watch = { failure: string; namespace: string; metric: string; dimension: string };
type Alarm = Record<string, unknown>;

/** Each failure that docs/guarantee.md names, and what shows it. */
function watches(rendered: Rendered): Watch[] {
  const functions = functionsIn(rendered);
  const named = (pattern: RegExp) =>
    functions.filter(({ part }) => pattern.test(part)).map(({ name }) => name);
  const ofFunctions = (failure: string, metric: string, names: string[]) =>
    names.map((name) => ({ failure, namespace: "AWS/Lambda", metric, dimension: name }));
  const prefix = `daypass-${rendered.stage}`;
  return [
    {
      failure: "an account outlives its end by five minutes",
      namespace: "Daypass",
      metric: "GrantsOverdue",
      dimension: rendered.stage,
    },
    {
      failure: "the audit trail is altered",
      namespace: "Daypass",
      metric: "TrailAltered",
      dimension: rendered.stage,
    },
    {
      failure: "something failed for good",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimension: `${prefix}-failures`,
    },
    { failure: "the API fails", namespace: "AWS/ApiGateway", metric: "5xx", dimension: "a1b2c3d4e5" },
    ...ofFunctions("the streaming twin fails", "Url5xxCount", named(/^api-stream$/)),
    ...ofFunctions("the sweeper is silent", "Invocations", named(/^sweep$/)),
    ...ofFunctions(
      "a function of the data plane or the sweeper fails",
      "Errors",
      named(/^(sweep|broker-.*|runner-.*)$/),
    ),
    ...ofFunctions("the stream is not followed", "IteratorAge", named(/^(notify|archive)$/)),
    ...ofType(rendered, "aws:sfn/stateMachine:StateMachine")
      .filter(({ inputs }) => String(inputs["name"]).startsWith(`${prefix}-grant-`))
      .map(({ inputs }) => ({
        failure: "a timer fails",
        namespace: "AWS/States",
        metric: "ExecutionsFailed",
        dimension: `arn:aws:states:eu-west-1:123456789012:stateMachine:${String(inputs["name"])}`,
      })),
  ];
}

/** The file says in its first paragraph which alarm it is about. */
function isAbout(file: string, alarm: string): boolean {
  const [, about] = /^\*\*Alarm\*\* (\w+)/m.exec(readFileSync(join(runbooks, file), "utf8")) ?? [];
  return about === alarm;
}

const runbooks = join(import.meta.dirname, "../../../docs/runbooks");

export const alarms: Guarantee[] = [
  {
    name: "what the ledger calls an alarm is counted in the log of every function that may say so, and is an alarm",
    problems(rendered) {
      const filters = ofType(rendered, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
        ({ inputs }) => inputs,
      );
      const metric = `Alarms-${rendered.stage}`;
      const counts = (group: string) =>
        filters.some(
          (one) =>
            one["logGroupName"] === group &&
            one["pattern"] === '{ $.message = "alarm" }' &&
            (one["metricTransformation"] as Alarm)["name"] === metric,
        );
      const sayers = functionsIn(rendered).filter(({ part }) => /^(sweep|broker-.*)$/.test(part));
      const all = ofType(rendered, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
      return [
        ...sayers.flatMap(({ part, inputs }) => {
          const group = String((inputs["loggingConfig"] as Alarm)["logGroup"]);
          return unless(counts(group), `${part}: alarms of the ledger stay in its log`);
        }),
        ...unless(
          all.some((alarm) => sees(alarm, { failure: "", namespace: "Daypass", metric, dimension: "" })),
          `no alarm when the ledger raises one: ${metric}`,
        ),
      ];
    },
  },
  {
    name: "every failure that the guarantee names has an alarm within minutes, which goes to people",
    problems(rendered) {
      const all = ofType(rendered, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
      const topic = `arn:aws:sns:eu-west-1:123456789012:daypass-${rendered.stage}-alarms`;
      return [
        ...watches(rendered).flatMap((watch) => {
          const alarm = all.find((one) => sees(one, watch));
          return unless(
            alarm !== undefined,
            `no alarm when ${watch.failure}: ${watch.metric} of ${watch.dimension}`,
          );
        }),
        ...all.flatMap((alarm) => [
          ...unless(
            String(alarm["alarmActions"]) === topic && alarm["actionsEnabled"] !== false,
            `${String(alarm["name"])}: tells nobody`,
          ),
          ...unless(minutesOf(alarm) <= 15, `${String(alarm["name"])}: takes ${minutesOf(alarm)} minutes`),
        ]),
      ];
    },
  },
  {
    name: "every alarm has a runbook, which the list of runbooks names",
    problems(rendered) {
      const list = readFileSync(join(runbooks, "README.md"), "utf8");
      return ofType(rendered, "aws:cloudwatch/metricAlarm:MetricAlarm").flatMap(({ name }) => {
        const called = name.replace(/Alarm$/, "");
        const [, file] =
          new RegExp(`^\\| ${called} \\| \\[[^\\]]+\\]\\(([^)]+)\\) \\|$`, "m").exec(list) ?? [];
        return unless(file !== undefined && isAbout(file, called), `${name}: no runbook`);
      });
    },
  },
  {
    name: "the alarms that bound the guarantee come within five minutes, and a sweeper that says nothing is one of them",
    problems(rendered) {
      const named = (name: string) =>
        ofType(rendered, "aws:cloudwatch/metricAlarm:MetricAlarm").find(({ name: one }) => one === name)
          ?.inputs ?? {};
      const silent = named("SweeperSilentAlarm");
      const late = named("RevocationLateAlarm");
      return [
        ...unless(minutesOf(silent) <= 5, "SweeperSilentAlarm: comes too late"),
        ...unless(silent["treatMissingData"] === "breaching", "SweeperSilentAlarm: silence is no alarm"),
        ...unless(
          silent["comparisonOperator"] === "LessThanThreshold",
          "SweeperSilentAlarm: silence is no alarm",
        ),
        ...unless(minutesOf(late) <= 5 && late["threshold"] === 1, "RevocationLateAlarm: comes too late"),
      ];
    },
  },
  {
    name: "alarms can be sent, and reach the people of the settings",
    problems(rendered) {
      const { emails } = exampleSettings(rendered.stage).alarms;
      const endpoints = ofType(rendered, "aws:sns/topicSubscription:TopicSubscription").map(
        ({ inputs }) => inputs["endpoint"],
      );
      const [policy] = ofType(rendered, "aws:sns/topicPolicy:TopicPolicy");
      const lets = statementsIn(policy?.inputs["policy"] ?? '{"Statement":[]}').some(
        ({ principals, actions }) =>
          principals.join() === "Service:cloudwatch.amazonaws.com" && actions.join() === "sns:Publish",
      );
      return [
        ...emails.flatMap((email) => unless(endpoints.includes(email), `Alarms: ${email} is not told`)),
        ...unless(lets, "AlarmsPolicy: CloudWatch cannot send"),
      ];
    },
  },
];

/** By its one metric, or by one of several. */
function sees(alarm: Alarm, { namespace, metric, dimension }: Watch): boolean {
  const queries = (alarm["metricQueries"] ?? []) as { metric?: Alarm }[];
  const metrics = [alarm, ...queries.flatMap((query) => (query.metric ? [query.metric] : []))];
  return metrics.some(
    (one) =>
      one["namespace"] === namespace &&
      one["metricName"] === metric &&
      Object.values((one["dimensions"] ?? {}) as Record<string, string>).join() === dimension,
  );
}

function minutesOf(alarm: Alarm): number {
  const queries = (alarm["metricQueries"] ?? []) as { metric?: Alarm }[];
  const periods = [alarm, ...queries.flatMap((query) => (query.metric ? [query.metric] : []))].map((one) =>
    Number(one["period"] ?? 0),
  );
  const period = Math.max(...periods);
  return period === 0 ? Number.POSITIVE_INFINITY : (period * Number(alarm["evaluationPeriods"])) / 60;
}
