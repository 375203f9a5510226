import { z } from "zod";
import type { Instant } from "../kernel/clock.ts";

/** Why nobody knows somebody's groups: the provider did not say them, says that they are elsewhere, named more than are
 * read, or said something that is no list of names. */
export const unknownGroupsCauses = ["absent", "elsewhere", "too-many", "unreadable"] as const;
export const unknownGroupsCauseSchema = z.enum(unknownGroupsCauses).meta({ id: "UnknownGroupsCause" });
export type UnknownGroupsCause = z.output<typeof unknownGroupsCauseSchema>;

/** What a sign-in said of somebody's groups. Unknown is not none. */
export type Membership =
  | { readonly kind: "known"; readonly groups: string[] }
  | { readonly kind: "unknown"; readonly cause: UnknownGroupsCause };

/** Kept on a person while their groups are not known. `lastKnown` is shown to people and lets nobody do anything. */
export type UnknownGroups = {
  since: Instant;
  cause: UnknownGroupsCause;
  lastKnown: readonly string[];
};

/** For administrators, who can put it right at the provider or in the settings. */
export function unknownGroupsText(cause: UnknownGroupsCause): string {
  switch (cause) {
    case "absent":
      return "the token has no groups claim";
    case "elsewhere":
      return "the token names another place to ask for the groups (_claim_names), as Entra does above about 200 groups";
    case "too-many":
      return "the token has more groups than Daypass reads";
    case "unreadable":
      return "the groups claim is no list of names in the format of the settings";
  }
}
