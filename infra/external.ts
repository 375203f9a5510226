/** Left out of every bundle: ways to credentials that do not exist in Lambda. The SDK takes those of the environment and
 * loads the others only when there are none, when they would fail as well. Spares 120 kB at each cold start. */
export const external = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-login",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];
