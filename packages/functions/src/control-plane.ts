import type { SweepContext } from "@daypass/core/grant/sweep.ts";
import type { Log } from "@daypass/core/kernel/context.ts";
import type { MailContext } from "@daypass/core/notification/mail.ts";
import packageJson from "../package.json" with { type: "json" };
import { baseContext, baseVariables, type Invocation } from "./base-context.ts";
import { functionClient } from "./clients/functions.ts";
import { mailClient } from "./clients/mail.ts";
import { onDemand } from "./control-plane/on-demand.ts";
import { openIdFrom } from "./control-plane/openid.ts";
import { lendingProblem, privilegesOf } from "./control-plane/privileges.ts";
import { sendMail } from "./control-plane/send-mail.ts";
import { reconcileByBroker, turnBroker } from "./control-plane/turn-broker.ts";
import { EnvironmentError, readEnvironment } from "./environment.ts";
import type { ApiParts } from "./http/parts.ts";
import { writeMetrics } from "./json-line.ts";
import { deployedNetworks } from "./networks.ts";

const apiVariables = [
  ...baseVariables,
  "networks",
  "originSecretDigests",
  "oidcIssuer",
  "oidcClientId",
  "oidcClientSecretName",
  "oidcGroupsClaim",
  "oidcGroupsSeparator",
  "oidcGroupsField",
  "oidcGroupsWhenAbsent",
  "oidcScope",
  "oidcClientAuthentication",
  "signInsPerMinute",
  "changesPerMinute",
  "previewsPerMinute",
] as const;

/** Composition root of what browsers reach: the table, secrets of grants, and the right to start timers. It has no
 * database driver, and its role no right to an administrator's secret. */
export function apiParts(logFor: (requestId: string) => Log): ApiParts {
  const environment = readEnvironment(apiVariables);
  const { region, origin, stack } = environment;
  // Under https we are deployed, and CloudFront is the only door: without its secret, anybody could come past it.
  if (origin.startsWith("https://") && environment.originSecretDigests.length === 0) {
    throw new EnvironmentError(["DAYPASS_ORIGIN_SECRET_SHA256 is missing"]);
  }
  const base = baseContext(environment);
  const rarely = once(() => onDemand(region));
  const networkOf = deployedNetworks(environment.networks);
  const clientSecret = () => rarely().readClientSecret(environment.oidcClientSecretName);
  const openid = openIdFrom(clientSecret, {
    issuer: environment.oidcIssuer,
    clientId: environment.oidcClientId,
    redirectUri: `${origin}/api/sign-in/callback`,
    postLogoutRedirectUri: `${origin}/`,
    scope: environment.oidcScope,
    groupsClaim: environment.oidcGroupsClaim,
    groups: {
      separator: environment.oidcGroupsSeparator,
      field: environment.oidcGroupsField,
      whenAbsent: environment.oidcGroupsWhenAbsent,
    },
    clientAuthentication: environment.oidcClientAuthentication,
  });
  return {
    origin,
    logFor,
    countFault: (requestId) => writeMetrics({ service: "api", stack, requestId }, { RequestFaults: 1 }),
    version: packageJson.version,
    originSecretDigests: environment.originSecretDigests,
    perMinute: {
      signIns: environment.signInsPerMinute,
      changes: environment.changesPerMinute,
      previews: environment.previewsPerMinute,
    },
    contextFor: (call) => ({
      ...base.as({ kind: "anonymous" }, call),
      limits: { endsAt: call.endsAt },
      openid,
      privileges: (...asked) => privilegesOf(stack, ...asked),
      lendingProblem,
      credentials: { read: (grant) => rarely().readCredential(base, grant) },
      runners: {
        async testAccess({ id, networkId }) {
          const { runnerFunction } = await networkOf(base, networkId);
          return rarely().callRunner(runnerFunction, id);
        },
      },
      timers: {
        async start({ id, networkId }, name) {
          const { stateMachineArn } = await networkOf(base, networkId);
          await rarely().startExecution({ stateMachineArn, name, input: { grantId: id } });
        },
      },
      workflows: {
        async startInspection({ id, networkId }, name) {
          const { inspectionStateMachineArn: stateMachineArn } = await networkOf(base, networkId);
          await rarely().startExecution({ stateMachineArn, name, input: { instanceId: id } });
        },
        async startReconciliation({ id, networkId }, name) {
          const { reconciliationStateMachineArn: stateMachineArn } = await networkOf(base, networkId);
          await rarely().startExecution({ stateMachineArn, name, input: { instanceId: id } });
        },
      },
    }),
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Composition root of the sweeper: the table, and the right to call brokers. */
export function sweepContexts(): (invocation: Invocation) => SweepContext {
  const environment = readEnvironment([...baseVariables, "networks"]);
  const base = baseContext(environment);
  const client = functionClient(environment.region);
  const networkOf = deployedNetworks(environment.networks);
  return (invocation) => {
    const ctx = base.as({ kind: "system", name: "sweeper" }, invocation);
    return {
      ...ctx,
      limits: { endsAt: invocation.endsAt },
      brokers: {
        async turn(networkId, grantId) {
          const { brokerFunction } = await networkOf(base, networkId);
          return turnBroker({ client, clock: ctx.clock, endsAt: invocation.endsAt }, brokerFunction, grantId);
        },
        async reconcile(networkId, instanceId) {
          const { brokerFunction } = await networkOf(base, networkId);
          const parts = { client, clock: ctx.clock, endsAt: invocation.endsAt };
          await reconcileByBroker(parts, brokerFunction, instanceId);
        },
      },
    };
  };
}

/** Composition root of what follows the table's stream: the table, and the right to send mail. */
export function notifyContexts(): (invocation: Invocation) => MailContext {
  const environment = readEnvironment([...baseVariables, "mailFrom"]);
  const base = baseContext(environment);
  const client = mailClient(environment.region);
  return (invocation) => ({
    ...base.as({ kind: "anonymous" }, invocation),
    mail: { send: (mail) => sendMail(client, invocation.log, environment.mailFrom, mail) },
  });
}
