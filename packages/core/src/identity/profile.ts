import { z } from "zod";

const line = (maxLength: number) => z.string().min(1).max(maxLength);

/** What the identity provider says of a person. */
export const profileSchema = z.strictObject({
  issuer: line(512),
  /** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
  subject: line(255),
  name: line(200),
  email: z.string().max(320),
  groups: z.array(line(256)).max(500),
});
export type Profile = z.output<typeof profileSchema>;

type Claims = Readonly<Record<string, unknown>>;

/** Claims of an ID token or of the userinfo endpoint as a profile. `groupsClaim` holds a list, or one name. */
export function profileOf(issuer: string, subject: string, claims: Claims, groupsClaim: string): Profile {
  const username = textOf(claims["preferred_username"], 200);
  const email = textOf(claims["email"], 320) || (username.includes("@") ? username : "");
  const name = textOf(claims["name"], 200) || username || email.slice(0, 200) || subject.slice(0, 200);
  return profileSchema.parse({ issuer, subject, name, email, groups: groupsOf(claims[groupsClaim]) });
}

/** Whether something is left to be asked from the userinfo endpoint. */
export function lacksClaims(claims: Claims, groupsClaim: string): boolean {
  return ["name", "email", groupsClaim].some((claim) => claims[claim] === undefined);
}

function groupsOf(claim: unknown): string[] {
  const names = Array.isArray(claim) ? claim : [claim];
  return [...new Set(names.map((name) => textOf(name, 256)).filter((name) => name !== ""))].slice(0, 500);
}

/** One line without control or invisible formatting characters, which could make one name look like another. */
function textOf(claim: unknown, maxLength: number): string {
  if (typeof claim !== "string") return "";
  return claim
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, maxLength);
}
