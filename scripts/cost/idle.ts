import { type Item, priceTable } from "./price.ts";

/** As much of a rendered resource as the bill looks at. */
export type Resource = { type: string; name: string; inputs: Readonly<Record<string, unknown>> };

/** What a stage costs in a month in which nobody does anything: what is paid for being there, and what the sweeper,
 * which never rests, uses.
 * @throws Error that names every type of resource whose price nobody has thought about. */
export function idleItems(resources: readonly Resource[]): Item[] {
  const unknown = [...new Set(resources.map(({ type }) => type))].filter(
    (type) => !(type in standing) && !free.has(type) && !type.startsWith("pulumi:"),
  );
  if (unknown.length > 0) {
    const list = unknown.toSorted().join(", ");
    throw new Error(`Nobody has said what these cost: ${list}. Say it in scripts/cost/idle.ts.`);
  }
  return resources.flatMap((resource) => standing[resource.type]?.(resource) ?? []);
}

type Standing = (resource: Resource) => Item[];
const one =
  (price: string, what: string): Standing =>
  ({ name }) => [{ what: `${what} ${name}`, price, count: 1 }];

/** Paid for while nothing happens, by type. */
const standing: Readonly<Record<string, Standing>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ name, inputs }) => [
    { what: `alarm ${name}`, price: "alarmMetricMonth", count: metricsOf(inputs) },
  ],
  // A filter costs nothing, and the metric that it makes only in hours with a value.
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": ({ name, inputs }) =>
    JSON.stringify(inputs).includes('"defaultValue"')
      ? [{ what: `metric of ${name}, which is never silent`, price: "customMetricMonth", count: 1 }]
      : [],
  "aws:secretsmanager/secret:Secret": one("secretMonth", "secret"),
  "aws:kms/key:Key": one("keyMonth", "key"),
  "aws:route53/zone:Zone": one("hostedZoneMonth", "zone"),
  "aws:ec2/natGateway:NatGateway": ({ name }) => [
    { what: `NAT gateway ${name}`, price: "natHour", count: priceTable.hoursPerMonth },
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ name, inputs }) =>
    inputs["vpcEndpointType"] === "Interface"
      ? [
          {
            what: `interface endpoint ${name}`,
            price: "endpointHour",
            count: priceTable.hoursPerMonth * lengthOf(inputs["subnetIds"]),
          },
        ]
      : [],
  "aws:dynamodb/table:Table": ({ name }) => [
    { what: `table ${name}, ${keptGb} GB kept`, price: "tableGbMonth", count: keptGb },
    { what: `its point-in-time recovery`, price: "recoveryGbMonth", count: keptGb },
  ],
  "aws:scheduler/schedule:Schedule": ({ name, inputs }) => sweeps(name, callsAMonth(inputs)),
};

/** A year of a small team: the table grows with use, and the bill of `workload` counts what a grant leaves in it. */
const keptGb = 0.1;

/** What one look of the sweeper takes when there is nothing to do: it queries the due grants of each shard and the
 * requests past their deadline, and records that it ran, which the stream's consumers are not called for. It writes one
 * line of some 250 bytes, Lambda its own three. */
const sweep = { seconds: 0.3, memoryGb: 0.5, readUnits: 10, writeUnits: 1, logKb: 0.8 };

function sweeps(name: string, calls: number): Item[] {
  const gbSeconds = calls * sweep.seconds * sweep.memoryGb;
  return [
    { what: `schedule ${name}, ${calls} calls`, price: "scheduleCall", count: calls },
    { what: "the sweeper's invocations", price: "lambdaCall", count: calls },
    { what: "the sweeper's time", price: "lambdaGbSecond", count: gbSeconds },
    { what: "the sweeper's reads", price: "reservedRead", count: calls * sweep.readUnits },
    { what: "the sweeper's record that it ran", price: "writeUnit", count: calls * sweep.writeUnits },
    { what: "traces, each run sampled", price: "trace", count: calls },
    { what: "lines in the log", price: "logGb", count: (calls * sweep.logKb) / 1_000_000 },
  ];
}

function callsAMonth({ scheduleExpression }: Resource["inputs"]): number {
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(scheduleExpression)) ?? [];
  if (!every || !unit) throw new Error(`How often is ${String(scheduleExpression)}? Say it in scripts/cost.`);
  const perHour = { minute: 60, hour: 1, day: 1 / 24 }[unit] ?? 0;
  return (priceTable.hoursPerMonth * perHour) / Number(every);
}

/** An alarm is paid by the metrics that it looks at; the expression that joins them is not one. */
function metricsOf({ metricQueries }: Resource["inputs"]): number {
  if (!Array.isArray(metricQueries)) return 1;
  return metricQueries.filter((query: unknown) => typeof query === "object" && query && "metric" in query)
    .length;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 1;
}

/** Paid by use alone, or not at all. */
const free = new Set([
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/function:Function",
  "aws:cloudfront/originAccessControl:OriginAccessControl",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/functionUrl:FunctionUrl",
  "aws:lambda/permission:Permission",
  "aws:route53/record:Record",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "random:index/randomBytes:RandomBytes",
  "random:index/randomPassword:RandomPassword",
]);
