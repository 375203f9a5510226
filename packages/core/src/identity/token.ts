import type { Instant } from "../kernel/clock.ts";
import { type Id, idFrom, ulidOf } from "../kernel/ids.ts";
import type { TokenScope } from "../kernel/permission.ts";
import { hashOf, isSame, newSecret } from "./random-secret.ts";
import type { TokenView } from "./user.view.ts";

/** A personal access token, sent as a bearer: its person's rights, cut down to its scopes, until it expires. */
export type Token = {
  id: Id<"token">;
  userId: Id<"user">;
  name: string;
  scopes: readonly TokenScope[];
  /** Of the secret part; what was shown once is kept nowhere. */
  secretHash: string;
  createdAt: Instant;
  expiresAt: Instant;
  /** Up to a few minutes late. */
  lastUsedAt?: Instant;
};

/** `dpt_`, the ULID of the token's id and 256 random bits: a leaked one tells which to revoke. */
export function newBearer(id: Id<"token">): { bearer: string; secretHash: string } {
  const secret = newSecret();
  return { bearer: `dpt_${ulidOf(id)}_${secret}`, secretHash: hashOf(secret) };
}

/** Undefined for anything that is not shaped like a token of ours. */
export function parseBearer(bearer: string): { id: Id<"token">; secret: string } | undefined {
  const [, ulid, secret] = /^dpt_([0-7][0-9A-HJKMNP-TV-Z]{25})_([A-Za-z0-9_-]{43})$/.exec(bearer) ?? [];
  return ulid && secret ? { id: idFrom("token", ulid), secret } : undefined;
}

export function isGood(token: Token, secret: string, now: Instant): boolean {
  return isSame(token.secretHash, hashOf(secret)) && now < token.expiresAt;
}

export function viewOfToken(token: Token): TokenView {
  return {
    id: token.id,
    name: token.name,
    scopes: [...token.scopes],
    createdAt: token.createdAt,
    expiresAt: token.expiresAt,
    lastUsedAt: token.lastUsedAt ?? null,
  };
}
