import { useSuspenseQuery } from "@tanstack/react-query";
import type { MeView } from "./api.ts";
import { meQuery } from "./queries.ts";

/** Administrators and auditors see everybody's; only administrators change. */
export function rightsOf({ roles }: Pick<MeView, "roles">): { seesAll: boolean; administers: boolean } {
  const administers = roles.includes("administrator");
  return { seesAll: administers || roles.includes("auditor"), administers };
}

/** The signed-in person with what the page may offer them; the server decides again on every call. */
export function useMe() {
  const { data: me } = useSuspenseQuery(meQuery);
  return { me, ...rightsOf(me) };
}
