import type { GrantView } from "../lib/api.ts";

/** Which title tells a failure; "locked" only where somebody saw that logins are refused. */
export function failureTitle({
  step,
  loginDenied,
}: Pick<NonNullable<GrantView["failure"]>, "step" | "loginDenied">) {
  if (step !== "revoke") return step;
  if (loginDenied === null) return "revoke";
  return loginDenied ? "locked" : "open";
}
