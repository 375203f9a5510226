import { setUp } from "@daypass/functions/setup.ts";
import { mariadbInstance, type RunningMariadb } from "../target/mariadb/target.ts";
import { provisionAdministrator } from "./provision-secrets.ts";
import { samplePoliciesOfMariadb } from "./sample-policies.ts";
import { networkName, sampleEnvironments } from "./seed.ts";
import type { SetupContext } from "./setup-context.ts";

/** Tells the application of the instance: its address at every start, all of it the first time. */
export async function joinMariadb(
  ctx: SetupContext,
  server: RunningMariadb,
  options: { isSeeded: boolean },
): Promise<void> {
  await provisionAdministrator(server.secret);
  if (options.isSeeded) return;
  const { name, environment, databases } = mariadbInstance;
  await setUp(ctx, {
    environments: sampleEnvironments.filter((known) => known.name === environment),
    networks: [],
    instances: [
      {
        name,
        engine: "mysql",
        environment,
        network: networkName,
        secretName: server.secret.name,
        databasePatterns: [...databases],
        labels: { team: "support" },
        // The sample server is on this machine, and speaks without TLS.
        tls: "disable",
      },
    ],
    policies: samplePoliciesOfMariadb,
  });
}
