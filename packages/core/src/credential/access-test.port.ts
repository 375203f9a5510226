import type { Instance } from "../catalog/instance.ts";
import type { Credential } from "../grant/account-engine.port.ts";
import type { Grant } from "../grant/grant.ts";
import type { Context } from "../kernel/context.ts";
import type { AccessTestView } from "./access-test.view.ts";

/** Calls the runner of a grant's network, with the grant's id and nothing else. */
export type AccessTestContext = Context & {
  runners: { testAccess(grant: Pick<Grant, "id" | "networkId">): Promise<AccessTestView> };
};

/** The runner's: reads the secrets of grants alone, and reaches databases as their accounts alone. */
export type RunnerContext = Pick<Context, "table" | "clock" | "log"> & {
  /** @throws DomainError where the secret is gone or altered. */
  credentialOf(grant: Pick<Grant, "secretName">): Promise<Credential>;
  /** Logs in and looks who it is. Errors carry `kind` and a message fit to show. */
  logIn(
    instance: Pick<Instance, "engine" | "tls">,
    credential: Credential,
  ): Promise<{ username: string; serverVersion: string; latencyMs: number }>;
};
