import type { RunInspectionContext } from "@daypass/core/catalog/run-inspection.ts";
import { administratorTarget } from "@daypass/core/catalog/secret.ts";
import type { RunnerContext } from "@daypass/core/credential/access-test.port.ts";
import type { BrokerContext } from "@daypass/core/grant/account-engine.port.ts";
import { keepSessions } from "@daypass/databases/sessions.ts";
import { baseContext, baseVariables, type Invocation } from "./base-context.ts";
import { administratorSecretsClient } from "./clients/administrator-secrets.ts";
import { secretsClient } from "./clients/secrets.ts";
import { accountServerOf } from "./data-plane/account-server.ts";
import { engineFor } from "./data-plane/engines.ts";
import { grantSecretsIn } from "./data-plane/grant-secrets.ts";
import { logIn } from "./data-plane/log-in.ts";
import { newPassword } from "./data-plane/new-password.ts";
import { readEnvironment } from "./environment.ts";
import { readGrantSecret } from "./grant-secret.ts";

/** Composition root of a network's broker: it alone reads administrators' secrets and speaks to databases, and it is
 * called by workflows and the sweeper only. */
export function brokerContexts(): (
  invocation: Invocation,
  name: "workflow" | "sweeper",
) => BrokerContext & RunInspectionContext {
  const environment = readEnvironment([
    ...baseVariables,
    "connectionsPerInstance",
    "accountRoleArn",
    "accountExternalId",
  ]);
  const base = baseContext(environment);
  const secretsManager = administratorSecretsClient(environment);
  const grantSecrets = grantSecretsIn(secretsClient(environment.region));
  return (invocation, name) => ({
    ...base.as({ kind: "system", name }, invocation),
    secretsManager,
    grantSecrets,
    newPassword,
    random: Math.random,
    limits: { connectionsPerInstance: environment.connectionsPerInstance, endsAt: invocation.endsAt },
    engines: { for: ({ engine }) => engineFor(engine) },
    async accountServer(instance, elsewhere) {
      const engine = engineFor(instance.engine);
      // Read afresh for every turn, so that a rotated credential is no hindrance, and kept for that turn alone.
      const { administration, ...present } = await administratorTarget(
        { secretsManager, settings: base.settings },
        instance,
      );
      return accountServerOf(engine, {
        ...present,
        // At another address than the secret's, the port that the secret names is that of another server.
        ...(administration && !elsewhere ? { administration } : {}),
        server: { ...present.server, ...elsewhere },
        sessions: keepSessions(),
      });
    },
  });
}

/** Composition root of a network's runner: the secrets of grants, and databases as their accounts. */
export function runnerContexts(): (invocation: Invocation) => RunnerContext {
  const environment = readEnvironment(baseVariables);
  const base = baseContext(environment);
  const secretsManager = secretsClient(environment.region);
  return (invocation) => ({
    ...base.as({ kind: "anonymous" }, invocation),
    credentialOf: ({ secretName }) => readGrantSecret(secretsManager, secretName),
    logIn,
  });
}
