import { createOpenId, type OpenId, type OpenIdSettings } from "@daypass/core/identity/openid.ts";

/** The identity provider; its client's secret is read at the first sign-in and stays inside. A secret that was changed
 * since is read by the next cold start. */
export function openIdFrom(
  readClientSecret: () => Promise<string>,
  settings: Omit<OpenIdSettings, "clientSecret">,
): OpenId {
  let made: Promise<OpenId> | undefined;
  return {
    settings: { ...settings, clientSecret: "" },
    async configuration() {
      made ??= readClientSecret().then((clientSecret) => createOpenId({ ...settings, clientSecret }));
      // What failed is tried again by the next sign-in.
      const openid = await made.catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return openid.configuration();
    },
  };
}
