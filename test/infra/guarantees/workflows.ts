import { inspectionWorkflow } from "@daypass/core/catalog/inspection.workflow.ts";
import { grantWorkflow } from "@daypass/core/grant/grant.workflow.ts";
import { reconciliationWorkflow } from "@daypass/core/reconciliation/reconciliation.workflow.ts";
import aslValidator from "asl-validator";
import { ofType } from "../render/policies.ts";
import { type Guarantee, unless } from "./guarantee.ts";

type State = {
  Type: string;
  Retry?: { ErrorEquals: string[] }[];
  Catch?: { ErrorEquals: string[] }[];
  TimeoutSeconds?: number;
  Resource?: string;
};
type Definition = { States: Record<string, State>; QueryLanguage?: string };

const definitions: Record<string, (brokerArn: string) => object> = {
  grant: grantWorkflow,
  inspection: inspectionWorkflow,
  reconciliation: reconciliationWorkflow,
};

export const workflows: Guarantee[] = [
  {
    name: "what is deployed is the very workflow that runs on one machine, with the broker of its network filled in",
    problems(rendered) {
      const machines = ofType(rendered, "aws:sfn/stateMachine:StateMachine");
      return machines.flatMap(({ name, inputs }) => {
        const [kind = "", ...network] = String(inputs["name"])
          .replace(`daypass-${rendered.stage}-`, "")
          .split("-");
        const broker = `arn:aws:lambda:eu-west-1:123456789012:function:daypass-${rendered.stage}-broker-${network.join("-")}`;
        const expected = JSON.stringify(definitions[kind]?.(broker));
        return [
          ...unless(
            inputs["definition"] === expected,
            `${name}: is not the ${kind} workflow of core for ${broker}`,
          ),
          ...unless(inputs["type"] === "STANDARD", `${name}: is ${String(inputs["type"])}`),
        ];
      });
    },
  },
  {
    name: "every workflow is valid, and each of its tasks has a time limit, a retry and a catch for every error",
    problems(rendered) {
      return ofType(rendered, "aws:sfn/stateMachine:StateMachine").flatMap(({ name, inputs }) => {
        const definition = JSON.parse(String(inputs["definition"])) as Definition;
        const { isValid, errorsText } = aslValidator(structuredClone(definition));
        const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === "Task");
        return [
          ...unless(isValid, `${name}: ${errorsText("; ")}`),
          ...unless(definition.QueryLanguage === undefined, `${name}: is not in JSONPath`),
          ...unless(tasks.length > 0, `${name}: does nothing`),
          ...tasks.flatMap(([state, { Retry, Catch, TimeoutSeconds = 0 }]) => [
            ...unless(catchesAll(Retry), `${name}.${state}: has no Retry for every error`),
            ...unless(catchesAll(Catch), `${name}.${state}: has no Catch for every error`),
            ...unless(TimeoutSeconds > 0, `${name}.${state}: has no time limit`),
          ]),
        ];
      });
    },
  },
  {
    name: "workflows log their failures without what they carry",
    problems(rendered) {
      return ofType(rendered, "aws:sfn/stateMachine:StateMachine").flatMap(({ name, inputs }) => {
        const logging = (inputs["loggingConfiguration"] ?? {}) as Record<string, unknown>;
        return [
          ...unless(logging["includeExecutionData"] === false, `${name}: logs what it carries`),
          ...unless(["ERROR", "ALL"].includes(String(logging["level"])), `${name}: logs no failures`),
        ];
      });
    },
  },
];

function catchesAll(rules: { ErrorEquals: string[] }[] | undefined): boolean {
  return rules?.at(-1)?.ErrorEquals.join() === "States.ALL";
}
