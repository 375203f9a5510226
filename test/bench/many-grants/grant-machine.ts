import { arnOf } from "@daypass/local/aws/server/arn.ts";

/** The timers' state machine, also for the part that is started before it exists. */
export const grantMachine = "daypass-grant-default";
export const grantMachineArn = arnOf.stateMachine(grantMachine);
