import { functionsIn, ofType, type Role, rolesIn, type Statement, statementsIn } from "../render/policies.ts";
import type { Rendered } from "../render/rendered.ts";
import { type Guarantee, unless } from "./guarantee.ts";

/** Where AWS knows no narrower resource than all of them, by the statement's own name. */
const allResources: Record<string, string> = {
  LambdaAttachesToTheVpc:
    "Lambda makes network interfaces with the function's role; EC2 checks most of it without a resource",
  CodeDoesNot: "a denial: the code of the function cannot use what only Lambda needs",
  TracesHaveNoResources: "X-Ray knows no resources",
  LogDeliveryHasNoResources:
    "the API of log delivery has no resources; Step Functions refuses a machine without it",
};
/** Beginnings and parts that stand for many things of one kind. */
const partialResources: [RegExp, string][] = [
  [/^arn:aws:dynamodb:[^*]+\/index\/\*$/, "the indexes of the one table"],
  [/^arn:aws:dynamodb:[^*]+\/stream\/\*$/, "the list of the streams of the one table"],
  [/^arn:aws:logs:[^*]+:log-group:[^*]+:\*$/, "the streams of one log group"],
  [/^arn:aws:secretsmanager:[^*]+:secret:daypass\/[^*]+\/\*$/, "secrets by the beginning of their names"],
  [/^arn:aws:secretsmanager:[^*]+:secret:rds![^*]+\*$/, "secrets that RDS manages"],
  [/^arn:aws:s3:::[^*]+\/audit\/\*$/, "objects of the archive"],
];

export const roles: Guarantee[] = [
  {
    name: "every role can be taken on by its own service alone",
    problems(rendered) {
      const expected = servicesOf(rendered);
      return rolesIn(rendered).flatMap((role) => {
        const [trust, ...others] = role.trust;
        const service = expected.get(role.arn);
        return [
          ...unless(service !== undefined, `${role.name}: nobody uses this role`),
          ...unless(
            others.length === 0 &&
              trust?.effect === "Allow" &&
              trust.principals.join() === `Service:${service}`,
            `${role.name}: may be taken on by ${role.trust.flatMap((one) => one.principals).join(", ")}, not by ${service} alone`,
          ),
          ...unless(
            trust?.actions.join() === "sts:AssumeRole",
            `${role.name}: trusts with ${trust?.actions.join()}`,
          ),
          // A function's role is handed to Lambda at deployment; the others act whenever somebody asks their service.
          ...unless(
            service === "lambda.amazonaws.com" ||
              trust?.condition["StringEquals"]?.["aws:SourceAccount"] === "123456789012",
            `${role.name}: trusts ${service} on behalf of any account`,
          ),
        ];
      });
    },
  },
  {
    name: "no role may do more than its statements say: no wildcard in an action, none in a resource but those listed",
    problems(rendered) {
      return rolesIn(rendered).flatMap((role) => [
        ...role.managed.map((arn) => `${role.name}: has the managed policy ${arn}`),
        ...role.statements.flatMap((statement) => wildcardsIn(role, statement)),
      ]);
    },
  },
  {
    name: "what lets others in names the service, and the resource or account it acts for",
    problems(rendered) {
      const calls = ofType(rendered, "aws:lambda/permission:Permission").flatMap(({ name, inputs }) => [
        ...unless(
          ["apigateway.amazonaws.com", "cloudfront.amazonaws.com"].includes(String(inputs["principal"])),
          `${name}: lets ${String(inputs["principal"])} call ${String(inputs["function"])}`,
        ),
        ...unless(
          /^arn:aws:[a-z-]+:[a-z0-9-]*:123456789012:/.test(String(inputs["sourceArn"])),
          `${name}: does not say on whose behalf`,
        ),
      ]);
      const policies = [
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:sns/topicPolicy:TopicPolicy",
      ].flatMap((type) => ofType(rendered, type));
      return [
        ...calls,
        ...policies.flatMap(({ name, inputs }) =>
          statementsIn(inputs["policy"])
            .filter(({ effect }) => effect === "Allow")
            .flatMap(({ principals, condition, actions }) => [
              ...unless(
                principals.every((one) => one.startsWith("Service:")),
                `${name}: lets ${principals.join()} in`,
              ),
              ...unless(
                /aws:Source(Arn|Account)/.test(JSON.stringify(condition)),
                `${name}: lets ${principals.join()} in on behalf of anybody`,
              ),
              ...unless(!actions.join().includes("*"), `${name}: allows ${actions.join()}`),
            ]),
        ),
      ];
    },
  },
];

function wildcardsIn(role: Role, { sid, effect, actions, resources }: Statement): string[] {
  return [
    ...actions
      .filter((action) => effect === "Allow" && action.includes("*"))
      .map((action) => `${role.name}: may do ${action}`),
    ...resources
      .filter((resource) => resource.includes("*") && !isListed(sid, resource))
      .map((resource) => `${role.name}: may do ${actions.join(", ")} on ${resource}`),
  ];
}

function isListed(sid: string, resource: string): boolean {
  if (resource === "*") return sid in allResources;
  return partialResources.some(([pattern]) => pattern.test(resource));
}

/** The service that each role is handed to. */
function servicesOf(rendered: Rendered): Map<string, string> {
  const handed = (type: string, service: string, roleOf: (inputs: Record<string, unknown>) => unknown) =>
    ofType(rendered, type).map(({ inputs }) => [String(roleOf(inputs)), service] as const);
  return new Map([
    ...functionsIn(rendered).map(({ inputs }) => [String(inputs["role"]), "lambda.amazonaws.com"] as const),
    ...handed("aws:sfn/stateMachine:StateMachine", "states.amazonaws.com", (inputs) => inputs["roleArn"]),
    ...handed(
      "aws:scheduler/schedule:Schedule",
      "scheduler.amazonaws.com",
      (inputs) => (inputs["target"] as { roleArn: string }).roleArn,
    ),
  ]);
}
