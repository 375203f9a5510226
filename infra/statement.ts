/// <reference path="../.sst/platform/config.d.ts" />

/** One statement of a policy. */
export type Statement = {
  Sid?: string;
  Effect?: "Allow" | "Deny";
  Principal?: Record<string, $util.Input<string>>;
  Action: string | readonly string[];
  Resource?: $util.Input<string> | $util.Input<string>[];
  Condition?: Record<string, Record<string, $util.Input<string> | $util.Input<string>[]>>;
};

/** The text of a policy; statements allow unless they say otherwise. */
export function policy(statements: readonly Statement[]): $util.Output<string> {
  const document = {
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  };
  return $jsonStringify(document);
}

/** A role that one service alone may take on, and for this account alone where the service says for whom it works. */
export function serviceRole(
  name: string,
  physicalName: string,
  service: string,
  statements: readonly Statement[],
  condition?: Statement["Condition"],
): aws.iam.Role {
  const trust: Statement = {
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(condition ? { Condition: condition } : {}),
  };
  return new aws.iam.Role(name, {
    name: physicalName,
    assumeRolePolicy: policy([trust]),
    inlinePolicies: statements.length > 0 ? [{ name: "inline", policy: policy(statements) }] : [],
  });
}
