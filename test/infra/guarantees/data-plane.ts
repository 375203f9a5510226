import { administratorSecretsOf } from "../../../infra/settings.ts";
import { functionsIn, mayDo, ofType, type RenderedFunction, type Role, rolesIn } from "../render/policies.ts";
import type { Rendered } from "../render/rendered.ts";
import { exampleSettings } from "../render/settings-of-stage.ts";
import { type Guarantee, unless } from "./guarantee.ts";

const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
const get = "secretsmanager:GetSecretValue";

export const dataPlane: Guarantee[] = [
  {
    name: "the broker of a network reads that network's administrators' secrets, and nobody else reads any",
    problems(rendered) {
      return networksOf(rendered).flatMap(({ name, beginnings }) =>
        beginnings.flatMap((beginning) =>
          readersOf(rendered, secret(`${beginning}shop`)).flatMap((reader) =>
            unless(
              reader === `broker-${name}`,
              `${reader} may read administrators' secrets of the network ${name} (${beginning})`,
            ),
          ),
        ),
      );
    },
  },
  {
    name: "each broker can read the administrators' secrets that it is there for",
    problems(rendered) {
      return networksOf(rendered).flatMap(({ name, beginnings, roleArn }) => {
        const role = roleOf(rendered, `broker-${name}`);
        const can = roleArn
          ? mayDo(role, "sts:AssumeRole", roleArn)
          : beginnings.every((beginning) => mayDo(role, get, secret(`${beginning}shop`)));
        return unless(can, `broker-${name} cannot read its administrators' secrets`);
      });
    },
  },
  {
    name: "secrets of grants: the broker makes, reads and deletes them, runner and API read them, nobody else",
    problems(rendered) {
      const arn = secret(`daypass/${rendered.stage}/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN`);
      const expected: Record<string, RegExp> = {
        [get]: /^(api|broker-.*|runner-.*)$/,
        "secretsmanager:CreateSecret": /^broker-/,
        "secretsmanager:DeleteSecret": /^broker-/,
        "secretsmanager:PutSecretValue": /^nobody$/,
        "secretsmanager:UpdateSecret": /^nobody$/,
      };
      return Object.entries(expected).flatMap(([action, who]) => {
        const able = ableTo(rendered, action, arn);
        const should = functionsIn(rendered).filter(({ part }) => who.test(part));
        return [
          ...able.flatMap((part) => unless(who.test(part), `${part} may do ${action} on secrets of grants`)),
          ...should.flatMap(({ part }) =>
            unless(able.includes(part), `${part} cannot do ${action} on secrets of grants`),
          ),
        ];
      });
    },
  },
  {
    name: "the identity provider's client secret is read by the API alone",
    problems(rendered) {
      return unless(
        readersOf(rendered, secret(`daypass/${rendered.stage}/sign-in`)).join() === "api",
        `the client secret is read by ${readersOf(rendered, secret(`daypass/${rendered.stage}/sign-in`)).join()}`,
      );
    },
  },
  {
    name: "a broker is called by its own workflows and the sweeper only, a runner by the API only, the sweeper by its schedule only",
    problems(rendered) {
      const callers = callersIn(rendered);
      return functionsIn(rendered).flatMap(({ part }) => {
        const [kind = "", ...rest] = part.split("-");
        const network = rest.join("-");
        const expected = {
          broker: [`grant-${network}`, `inspection-${network}`, `reconciliation-${network}`, "sweep"],
          runner: ["api"],
          sweep: ["schedule"],
        }[kind];
        const calling = (callers.get(part) ?? []).toSorted();
        return unless(
          calling.join() === (expected ?? []).toSorted().join(),
          `${part} may be called by ${calling.join(", ") || "nobody"}, not by ${expected?.join(", ") ?? "nobody"}`,
        );
      });
    },
  },
  {
    name: "only API Gateway calls the API, only CloudFront its streaming twin, and nobody from outside anything else",
    problems(rendered) {
      const lets = ofType(rendered, "aws:lambda/permission:Permission").map(
        ({ inputs }) =>
          `${String(inputs["principal"])} ${String(inputs["action"])} ${String(inputs["function"])}`,
      );
      const name = (part: string) => `daypass-${rendered.stage}-${part}`;
      const expected = [
        `apigateway.amazonaws.com lambda:InvokeFunction ${name("api")}`,
        `cloudfront.amazonaws.com lambda:InvokeFunction ${name("api-stream")}`,
        `cloudfront.amazonaws.com lambda:InvokeFunctionUrl ${name("api-stream")}`,
      ];
      return [
        ...lets.filter((one) => !expected.includes(one)).map((one) => `let in from outside: ${one}`),
        ...expected.filter((one) => !lets.includes(one)).map((one) => `not let in: ${one}`),
        ...ofType(rendered, "aws:lambda/functionUrl:FunctionUrl").flatMap(({ name: url, inputs }) => [
          ...unless(inputs["authorizationType"] === "AWS_IAM", `${url}: is open to everybody`),
          ...unless(inputs["cors"] === undefined, `${url}: lets pages of others in`),
        ]),
      ];
    },
  },
  {
    name: "timers are started by the API alone",
    problems(rendered) {
      return ofType(rendered, "aws:sfn/stateMachine:StateMachine").flatMap(({ inputs }) => {
        const arn = `arn:aws:states:eu-west-1:123456789012:stateMachine:${String(inputs["name"])}`;
        const able = ableTo(rendered, "states:StartExecution", arn);
        return unless(
          able.join() === "api",
          `${String(inputs["name"])} is started by ${able.join() || "nobody"}`,
        );
      });
    },
  },
  {
    name: "brokers and runners are where their network is, and everything else is outside any VPC",
    problems(rendered) {
      const networks = networksOf(rendered);
      return functionsIn(rendered).flatMap(({ part, vpc }) => {
        const network = networks.find(({ name }) => [`broker-${name}`, `runner-${name}`].includes(part));
        const wanted = network?.vpc;
        return unless(
          JSON.stringify(vpc?.subnetIds) === JSON.stringify(wanted?.subnets) &&
            JSON.stringify(vpc?.securityGroupIds) === JSON.stringify(wanted?.securityGroups),
          `${part}: is in ${JSON.stringify(vpc ?? "no VPC")}, not in ${JSON.stringify(wanted ?? "no VPC")}`,
        );
      });
    },
  },
  {
    name: "a runner only reads the table, the archive does not even that, and nobody scans it or changes what it is",
    problems(rendered) {
      const [table] = ofType(rendered, "aws:dynamodb/table:Table");
      const arn = `arn:aws:dynamodb:eu-west-1:123456789012:table/${String(table?.inputs["name"])}`;
      const readOnly = (part: string) => part.startsWith("runner-") || part === "archive";
      const writes = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"].map(
        (one) => `dynamodb:${one}`,
      );
      const never = ["Scan", "UpdateTable", "DeleteTable", "UpdateContinuousBackups", "PartiQLDelete"].map(
        (one) => `dynamodb:${one}`,
      );
      return [
        ...writes.flatMap((action) =>
          ableTo(rendered, action, arn)
            .filter(readOnly)
            .map((part) => `${part} may do ${action}`),
        ),
        ...["dynamodb:GetItem", "dynamodb:Query"].flatMap((action) =>
          ableTo(rendered, action, arn).flatMap((part) =>
            unless(part !== "archive", `archive may do ${action}`),
          ),
        ),
        ...never.flatMap((action) => ableTo(rendered, action, arn).map((part) => `${part} may do ${action}`)),
      ];
    },
  },
  {
    name: "the archive is written by its own function alone, and by nobody deleted, overwritten out of reach or read",
    problems(rendered) {
      const bucket = ofType(rendered, "aws:s3/bucket:Bucket").find(({ name }) => name === "ArchiveBucket");
      const object = `arn:aws:s3:::${String(bucket?.inputs["bucket"])}/audit/2026/01/01/00/1.ndjson`;
      const never = [
        "DeleteObject",
        "DeleteObjectVersion",
        "PutObjectRetention",
        "BypassGovernanceRetention",
        "GetObject",
      ];
      return [
        ...unless(
          ableTo(rendered, "s3:PutObject", object).join() === "archive",
          `the archive is written by ${ableTo(rendered, "s3:PutObject", object).join() || "nobody"}`,
        ),
        ...never.flatMap((action) =>
          ableTo(rendered, `s3:${action}`, object).map(
            (part) => `${part} may do s3:${action} in the archive`,
          ),
        ),
      ];
    },
  },
];

/** Networks of the stage as the settings have them; without any there is one outside every VPC. */
function networksOf({ stage }: Rendered) {
  const { networks } = exampleSettings(stage);
  const listed = networks.length > 0 ? networks : [{ name: "default" } as (typeof networks)[number]];
  return listed.map((network) => ({
    name: network.name,
    vpc: network.vpc,
    roleArn: network.account?.roleArn,
    beginnings: administratorSecretsOf(stage, network),
  }));
}

/** Functions, by their parts, that may do it. */
function ableTo(rendered: Rendered, action: string, arn: string): string[] {
  return functionsIn(rendered)
    .filter(({ role }) => role && mayDo(role, action, arn))
    .map(({ part }) => part);
}

function readersOf(rendered: Rendered, arn: string): string[] {
  return ableTo(rendered, get, arn);
}

function roleOf(rendered: Rendered, part: string): Role {
  const role = functionsIn(rendered).find((fn) => fn.part === part)?.role;
  if (!role) throw new Error(`There is no function ${part} with a role of its own in ${rendered.stage}.`);
  return role;
}

/** Who may call each function by a role of this stack. */
function callersIn(rendered: Rendered): Map<string, string[]> {
  const functions = functionsIn(rendered);
  const names = new Map<string, string>([
    ...functions.map(({ role, part }) => [role?.name ?? "", part] as const),
    ...ofType(rendered, "aws:sfn/stateMachine:StateMachine").flatMap(({ inputs }) => {
      const role = rolesIn(rendered).find(({ arn }) => arn === inputs["roleArn"]);
      return [[role?.name ?? "", String(inputs["name"]).replace(`daypass-${rendered.stage}-`, "")] as const];
    }),
    ["SweepScheduleRole", "schedule"],
  ]);
  const mayCall = (role: Role, { arn }: RenderedFunction) =>
    [arn, `${arn}:1`].some((one) => mayDo(role, "lambda:InvokeFunction", one));
  return new Map(
    functions.map((fn) => [
      fn.part,
      rolesIn(rendered)
        .filter((role) => mayCall(role, fn))
        .map((role) => names.get(role.name) ?? role.name),
    ]),
  );
}
