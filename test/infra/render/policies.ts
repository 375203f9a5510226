import type { Rendered, Resource } from "./rendered.ts";

/** One statement, with lists where policies may have either. */
export type Statement = {
  sid: string;
  effect: "Allow" | "Deny";
  principals: string[];
  actions: string[];
  resources: string[];
  condition: Record<string, Record<string, unknown>>;
};
export type Role = {
  name: string;
  arn: string;
  trust: Statement[];
  statements: Statement[];
  managed: string[];
};

export function statementsIn(text: unknown): Statement[] {
  const { Statement: list } = JSON.parse(String(text)) as { Statement: Record<string, unknown>[] };
  return list.map((one) => ({
    sid: (one["Sid"] as string | undefined) ?? "",
    effect: one["Effect"] as Statement["effect"],
    principals: Object.entries((one["Principal"] ?? {}) as Record<string, unknown>).flatMap(([kind, names]) =>
      listOf(names).map((name) => `${kind}:${name}`),
    ),
    actions: listOf(one["Action"]),
    resources: listOf(one["Resource"]),
    condition: (one["Condition"] ?? {}) as Statement["condition"],
  }));
}

export function rolesIn({ resources }: Rendered): Role[] {
  return resources
    .filter(({ type }) => type === "aws:iam/role:Role")
    .map(({ name, inputs }) => ({
      name,
      arn: `arn:aws:iam::123456789012:role/${String(inputs["name"])}`,
      trust: statementsIn(inputs["assumeRolePolicy"]),
      statements: ((inputs["inlinePolicies"] ?? []) as { policy: string }[]).flatMap(({ policy }) =>
        statementsIn(policy),
      ),
      managed: listOf(inputs["managedPolicyArns"]),
    }));
}

/** Whether IAM would let the role do it: a denial wins, and conditions are taken as fulfilled. */
export function mayDo(role: Role, action: string, resource: string): boolean {
  const applies = ({ actions, resources }: Statement) =>
    actions.some((pattern) => matches(pattern, action)) &&
    resources.some((pattern) => matches(pattern, resource));
  const fitting = role.statements.filter(applies);
  return fitting.some(({ effect }) => effect === "Allow") && !fitting.some(denies);
}

function denies({ effect, condition }: Statement): boolean {
  return effect === "Deny" && Object.keys(condition).length === 0;
}

/** As IAM compares: a star stands for any characters. */
function matches(pattern: string, value: string): boolean {
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "i").test(value);
}

export function ofType(rendered: Rendered, type: string): Resource[] {
  return rendered.resources.filter((resource) => resource.type === type);
}

export function functionsIn(rendered: Rendered) {
  const roles = new Map(rolesIn(rendered).map((role) => [role.arn, role]));
  return ofType(rendered, "aws:lambda/function:Function").map(({ name, inputs }) => {
    const part = String(inputs["name"]).replace(`daypass-${rendered.stage}-`, "");
    const { variables = {} } = (inputs["environment"] ?? {}) as { variables?: Record<string, string> };
    return {
      id: name.replace(/Function$/, ""),
      part,
      name: String(inputs["name"]),
      arn: `arn:aws:lambda:eu-west-1:123456789012:function:${String(inputs["name"])}`,
      role: roles.get(String(inputs["role"])),
      variables,
      vpc: inputs["vpcConfig"] as { subnetIds: string[]; securityGroupIds: string[] } | undefined,
      inputs,
    };
  });
}
export type RenderedFunction = ReturnType<typeof functionsIn>[number];

function listOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
