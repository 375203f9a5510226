/** The region and account of every ARN on this machine. The account number is AWS's own example. */
export const region = "us-east-1";
export const accountId = "123456789012";

export const arnOf = {
  secret: (nameAndSuffix: string): string =>
    `arn:aws:secretsmanager:${region}:${accountId}:secret:${nameAndSuffix}`,
  stateMachine: (name: string): string => `arn:aws:states:${region}:${accountId}:stateMachine:${name}`,
  execution: (machine: string, name: string): string =>
    `arn:aws:states:${region}:${accountId}:execution:${machine}:${name}`,
  function: (name: string): string => `arn:aws:lambda:${region}:${accountId}:function:${name}`,
  schedule: (group: string, name: string): string =>
    `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`,
};
