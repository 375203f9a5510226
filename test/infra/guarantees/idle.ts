import type { Guarantee } from "./guarantee.ts";

/** What there is while nobody uses it, by type: free, or what it costs a month while idle. What is not in the list is
 * not made. Prices and sums are the business of `npm run cost`. */
const idle: Record<string, string> = {
  "aws:acm/certificate:Certificate": "free",
  "aws:acm/certificateValidation:CertificateValidation": "free",
  "aws:apigatewayv2/api:Api": "by request",
  "aws:apigatewayv2/integration:Integration": "free",
  "aws:apigatewayv2/route:Route": "free",
  "aws:apigatewayv2/stage:Stage": "free",
  "aws:cloudfront/distribution:Distribution": "by request",
  "aws:cloudfront/function:Function": "by request",
  "aws:cloudfront/originAccessControl:OriginAccessControl": "free",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": "free",
  "aws:cloudwatch/logGroup:LogGroup": "by what is written and kept",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter":
    "free; its metric in hours in which something was counted",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "each metric that is looked at; ten are free in an account",
  "aws:dynamodb/table:Table": "by request, by what is kept and by its recovery",
  "aws:iam/role:Role": "free",
  "aws:lambda/eventSourceMapping:EventSourceMapping": "free",
  "aws:lambda/function:Function": "by use",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "free",
  "aws:lambda/functionUrl:FunctionUrl": "free",
  "aws:lambda/permission:Permission": "free",
  "aws:route53/record:Record": "by query; the hosted zone is there before",
  "aws:s3/bucket:Bucket": "by what is kept",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": "free",
  "aws:s3/bucketObjectv2:BucketObjectv2": "by what is kept",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "free",
  "aws:s3/bucketPolicy:BucketPolicy": "free",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "free",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "free",
  "aws:s3/bucketVersioning:BucketVersioning": "free",
  "aws:scheduler/schedule:Schedule": "by call",
  "aws:secretsmanager/secret:Secret": "each secret",
  "aws:sfn/stateMachine:StateMachine": "by transition",
  "aws:sns/topic:Topic": "by message",
  "aws:sns/topicPolicy:TopicPolicy": "free",
  "aws:sns/topicSubscription:TopicSubscription": "free",
  "aws:sqs/queue:Queue": "by request",
  "aws:sqs/queuePolicy:QueuePolicy": "free",
  "random:index/randomBytes:RandomBytes": "free",
  "random:index/randomPassword:RandomPassword": "free",
};

export const idleCost: Guarantee[] = [
  {
    name: "nothing is made whose cost while idle is not on the list",
    problems({ resources }) {
      return resources.flatMap(({ type, name, inputs }) => [
        ...(type in idle ? [] : [`${name}: ${type} is not on the list of what may be there while idle`]),
        ...(inputs["provisionedConcurrentExecutions"] ? [`${name}: is kept warm, which is paid for`] : []),
      ]);
    },
  },
  {
    name: "one secret is paid for while idle, and few enough metrics are looked at",
    problems({ resources, stage }) {
      const secrets = resources.filter(({ type }) => type === "aws:secretsmanager/secret:Secret").length;
      const looked = resources
        .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
        .reduce((sum, { inputs }) => sum + metricsIn(inputs), 0);
      // Without networks of their own: ten metrics are free in an account.
      const most = stage === "dev" ? 13 : 20;
      return [
        ...(secrets === 1 ? [] : [`${secrets} secrets are paid for`]),
        ...(looked <= most ? [] : [`alarms look at ${looked} metrics, more than ${most}`]),
      ];
    },
  },
];

function metricsIn(alarm: Record<string, unknown>): number {
  const queries = alarm["metricQueries"] as { metric?: unknown }[] | undefined;
  return queries ? queries.filter(({ metric }) => metric !== undefined).length : 1;
}
