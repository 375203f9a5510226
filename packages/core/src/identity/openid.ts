import * as client from "openid-client";
import { DomainError } from "../kernel/errors.ts";
import type { GroupsSettings } from "./groups-claim.ts";

export type OpenIdSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends people back to: `<origin>/api/sign-in/callback`. */
  redirectUri: string;
  /** Where the provider sends people after signing out. */
  postLogoutRedirectUri: string;
  /** "openid profile email" and whatever makes the provider say the groups. */
  scope: string;
  groupsClaim: string;
  /** How the claim is read; left out, its absence means that the groups are unknown. */
  groups?: Partial<Omit<GroupsSettings, "claim">>;
  clientAuthentication: "basic" | "post";
};

export function groupsSettingsOf({ groupsClaim, groups = {} }: OpenIdSettings): GroupsSettings {
  const { whenAbsent = "unknown", separator, field } = groups;
  return { claim: groupsClaim, whenAbsent, separator, field };
}

/** The provider as configured, and as it describes itself. */
export type OpenId = { settings: OpenIdSettings; configuration(): Promise<client.Configuration> };

/** Made once per process by the composition root; the provider is discovered at first use and remembered.
 * An issuer without TLS is accepted on loopback only. */
export function createOpenId(settings: OpenIdSettings): OpenId {
  let discovered: Promise<client.Configuration> | undefined;
  return {
    settings,
    configuration() {
      discovered ??= discover(settings).catch((error: unknown) => {
        discovered = undefined;
        throw new DomainError(
          "unavailable",
          "sign-in.provider",
          "The identity provider does not answer; try again in a moment.",
          { cause: error },
        );
      });
      return discovered;
    },
  };
}

function discover(settings: OpenIdSettings): Promise<client.Configuration> {
  const issuer = new URL(settings.issuer);
  const { clientId, clientSecret } = settings;
  const authentication =
    settings.clientAuthentication === "basic"
      ? client.ClientSecretBasic(clientSecret)
      : client.ClientSecretPost(clientSecret);
  return client.discovery(issuer, clientId, undefined, authentication, {
    timeout: 10,
    execute: isLoopback(issuer) ? [client.allowInsecureRequests] : [],
  });
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
