import { account, region } from "./rendered.ts";

/** What a generator of secrets came up with: recognised wherever it turns up. */
export function secretNamed(name: string): string {
  return `value-of-${name}`.padEnd(48, "x");
}

type Properties = Record<string, unknown>;
type Made = { id: string; state: Properties };

/** What AWS would answer: the inputs, and what only AWS knows. Types that nobody thought of get an ARN of their own
 * kind, and nothing more. */
export function newResource(type: string, name: string, inputs: Properties): Made {
  const named = [inputs["name"], inputs["bucket"], name].find((one) => typeof one === "string");
  const physical = named as string;
  const id = idOf(type, physical, name);
  return { id, state: { ...inputs, id, ...arnOf(type, physical, id), ...known[type]?.({ physical, id }) } };
}

/** @throws for whatever nobody thought of: an answer that is made up would hide a mistake. */
export function callFunction(token: string): Properties {
  const answer = answers[token];
  if (!answer) throw new Error(`The infrastructure asks AWS for ${token}, which the tests do not know.`);
  return answer;
}

const answers: Record<string, Properties> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    accountId: account,
    arn: `arn:aws:iam::${account}:user/deployer`,
    userId: "AIDAEXAMPLE",
    id: account,
  },
  "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" },
  "aws:index/getRegion:getRegion": { region, name: region, id: region },
};

function idOf(type: string, physical: string, name: string): string {
  switch (type) {
    case "aws:sqs/queue:Queue":
      return `https://sqs.${region}.amazonaws.com/${account}/${physical}`;
    case "aws:apigatewayv2/api:Api":
      return "a1b2c3d4e5";
    case "aws:iam/role:Role":
    case "aws:s3/bucket:Bucket":
    case "aws:lambda/function:Function":
      return physical;
    default:
      return `id-of-${name}`;
  }
}

/** Services whose resource types do not begin like their ARNs. */
const services: Record<string, (physical: string, id: string) => string> = {
  "aws:cloudfront/distribution:Distribution": (_name, id) =>
    `arn:aws:cloudfront::${account}:distribution/${id}`,
  "aws:cloudfront/function:Function": (name) => `arn:aws:cloudfront::${account}:function/${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name) => `arn:aws:logs:${region}:${account}:log-group:${name}`,
  "aws:dynamodb/table:Table": (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  "aws:iam/role:Role": (name) => `arn:aws:iam::${account}:role/${name}`,
  "aws:lambda/function:Function": (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  "aws:s3/bucket:Bucket": (name) => `arn:aws:s3:::${name}`,
  "aws:secretsmanager/secret:Secret": (name) =>
    `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`,
  "aws:sfn/stateMachine:StateMachine": (name) => `arn:aws:states:${region}:${account}:stateMachine:${name}`,
  "aws:sns/topic:Topic": (name) => `arn:aws:sns:${region}:${account}:${name}`,
  "aws:sqs/queue:Queue": (name) => `arn:aws:sqs:${region}:${account}:${name}`,
};

function arnOf(type: string, physical: string, id: string): { arn: string } {
  const made = services[type]?.(physical, id);
  const [, path = type] = type.split(":");
  return {
    arn: made ?? `arn:aws:${path.split("/")[0]}:${region}:${account}:${path.split("/")[1]}/${physical}`,
  };
}

const known: Record<string, (made: { physical: string; id: string }) => Properties> = {
  "aws:acm/certificate:Certificate": () => ({
    domainValidationOptions: [
      {
        resourceRecordName: "_proof.example.com",
        resourceRecordType: "CNAME",
        resourceRecordValue: "_x.aws",
      },
    ],
  }),
  "aws:apigatewayv2/api:Api": ({ id }) => ({
    apiEndpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
    executionArn: `arn:aws:execute-api:${region}:${account}:${id}`,
  }),
  "aws:cloudfront/distribution:Distribution": () => ({
    domainName: "d111111abcdef8.cloudfront.net",
    hostedZoneId: "Z2FDTNDATAQYW2",
  }),
  "aws:dynamodb/table:Table": ({ physical }) => ({
    streamArn: `arn:aws:dynamodb:${region}:${account}:table/${physical}/stream/2026-01-01T00:00:00.000`,
  }),
  "aws:lambda/functionUrl:FunctionUrl": () => ({
    functionUrl: `https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.${region}.on.aws/`,
  }),
  "aws:route53/record:Record": () => ({ fqdn: "_proof.example.com" }),
  "aws:s3/bucket:Bucket": ({ physical }) => ({
    bucketRegionalDomainName: `${physical}.s3.${region}.amazonaws.com`,
  }),
  "aws:sqs/queue:Queue": ({ id }) => ({ url: id }),
  "random:index/randomBytes:RandomBytes": () => ({ base64: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }),
  "random:index/randomPassword:RandomPassword": ({ physical }) => ({
    result: secretNamed(physical),
  }),
};
