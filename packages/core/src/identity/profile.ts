import { z } from "zod";
import {
  type Claims,
  type GroupsSettings,
  groupNameLength,
  groupsLimit,
  membershipOf,
  saysGroups,
} from "./groups-claim.ts";
import { type Membership, unknownGroupsCauseSchema } from "./membership.ts";

const line = (maxLength: number) => z.string().min(1).max(maxLength);

/** What the identity provider says of a person. `groupsUnknown` says why it does not say their groups. */
export const profileSchema = z
  .strictObject({
    issuer: line(512),
    /** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
    subject: line(255),
    name: line(200),
    email: z.string().max(320),
    groups: z.array(line(groupNameLength)).max(groupsLimit),
    groupsUnknown: unknownGroupsCauseSchema.optional(),
  })
  .refine(({ groups, groupsUnknown }) => groupsUnknown === undefined || groups.length === 0, {
    message: "names groups that are said to be unknown",
    path: ["groups"],
  });
export type Profile = z.output<typeof profileSchema>;

/** Claims of the ID token, and of the userinfo endpoint where it was asked, as a profile. The ID token goes before. */
export function profileOf(
  issuer: string,
  subject: string,
  { idToken, userInfo = {} }: { idToken: Claims; userInfo?: Claims },
  groups: GroupsSettings,
): Profile {
  const claims = { ...userInfo, ...idToken };
  const username = textOf(claims["preferred_username"], 200);
  const email = textOf(claims["email"], 320) || (username.includes("@") ? username : "");
  const name = textOf(claims["name"], 200) || username || email.slice(0, 200) || subject.slice(0, 200);
  const membership = membershipFrom(idToken, userInfo, groups);
  return profileSchema.parse({
    issuer,
    subject,
    name,
    email,
    groups: membership.kind === "known" ? membership.groups : [],
    ...(membership.kind === "unknown" ? { groupsUnknown: membership.cause } : {}),
  });
}

/** Whether something is left to be asked from the userinfo endpoint. */
export function lacksClaims(claims: Claims, { claim }: GroupsSettings): boolean {
  return claims["name"] === undefined || claims["email"] === undefined || !saysGroups(claims, claim);
}

/** The userinfo endpoint counts only where the ID token says nothing: it may have room for what the token has not. */
function membershipFrom(idToken: Claims, userInfo: Claims, settings: GroupsSettings): Membership {
  if (saysGroups(idToken, settings.claim)) return membershipOf(idToken, settings);
  if (saysGroups(userInfo, settings.claim)) return membershipOf(userInfo, settings);
  const both = [membershipOf(idToken, settings), membershipOf(userInfo, settings)] as const;
  const unknown = both.filter((membership) => membership.kind === "unknown");
  // That there are groups somewhere says more than that nothing was said.
  return unknown.find(({ cause }) => cause !== "absent") ?? unknown[0] ?? both[0];
}

/** One line without control or invisible formatting characters, which could make one name look like another. */
function textOf(claim: unknown, maxLength: number): string {
  if (typeof claim !== "string") return "";
  return claim
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, maxLength);
}
