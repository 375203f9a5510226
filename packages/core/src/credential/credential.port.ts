import type { Grant } from "../grant/grant.ts";
import type { Context } from "../kernel/context.ts";
import type { CredentialView } from "./credential.view.ts";

/** Reads the secret of one grant and writes it out as lines for clients. Administrators' secrets are out of its reach. */
export type CredentialContext = Context & {
  credentials: { read(grant: Grant): Promise<Omit<CredentialView, "grantId" | "endsAt">> };
};
