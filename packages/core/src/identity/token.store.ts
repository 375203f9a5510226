import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError, notFound } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, updating, type Write } from "../kernel/table.ts";
import { secondsOf } from "./session.ts";
import type { Token } from "./token.ts";

type Reads = Pick<Context, "table">;

/** Index: a person's, by their end, so that expired ones are never read. */
const tokens = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "token", version: "1", service: "daypass" },
        attributes: {
          id: { type: "string", required: true },
          userId: { type: "string", required: true },
          expiresAt: { type: "string", required: true },
          lastUsedAt: { type: "string" },
          token: { type: "any", required: true },
          expiresAtSeconds: { type: "number", required: true },
        },
        indexes: {
          byId: { pk: key("pk", ["id"]), sk: key("sk", []) },
          byUser: { index: "gsi1", pk: key("gsi1pk", ["userId"]), sk: key("gsi1sk", ["expiresAt", "id"]) },
        },
      },
      options,
    ),
);

export async function findToken(ctx: Reads, id: Id<"token">): Promise<Token | undefined> {
  const { data } = await tokens(ctx).get({ id }).go({ consistent: true });
  return data ? tokenOf(data) : undefined;
}

/** A person's tokens that have not expired, newest first. At most `tokenLimit` were let be made. */
export async function listTokensOf(ctx: Reads, userId: Id<"user">, now: Instant): Promise<Token[]> {
  const { data } = await tokens(ctx).query.byUser({ userId }).gt({ expiresAt: now }).go({ pages: "all" });
  // A key compared by its beginning alone lets the very instant pass.
  const good = data.map(tokenOf).filter((token) => token.expiresAt > now);
  return good.toSorted((one, other) => (one.id < other.id ? 1 : -1));
}

export function creatingToken(ctx: Reads, token: Token): Write {
  const { id, userId, expiresAt } = token;
  const row = { id, userId, expiresAt, token, expiresAtSeconds: secondsOf(expiresAt) };
  return putting(tokens(ctx).create(row).params(), () =>
    conflict("token.exists", "This token exists already."),
  );
}

/** Fails as revoked when the token is gone, and with `token.touched` when another request was quicker. */
export function touchingToken(ctx: Reads, token: Token, now: Instant): Write {
  const before: string | undefined = token.lastUsedAt;
  const params = tokens(ctx)
    .patch({ id: token.id })
    .set({ lastUsedAt: now })
    .where(({ lastUsedAt }, { eq, notExists }) => (before ? eq(lastUsedAt, before) : notExists(lastUsedAt)))
    .params();
  return updating(params, (found) =>
    found ? conflict("token.touched", "This token was used meanwhile.") : badToken(),
  );
}

export function revokingToken(ctx: Reads, id: Id<"token">): Write {
  return deleting(tokens(ctx).remove({ id }).params(), () => notFound("token"));
}

/** One answer for unknown, expired, revoked and misspelt. */
export function badToken(): DomainError {
  return new DomainError("unauthenticated", "token.invalid", "This token is unknown, expired or revoked.");
}

function tokenOf(row: { token?: unknown; lastUsedAt?: string | undefined }): Token {
  const token = row.token as Token;
  return row.lastUsedAt ? { ...token, lastUsedAt: row.lastUsedAt as Instant } : token;
}
