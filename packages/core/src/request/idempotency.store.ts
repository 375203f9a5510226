import { createHash } from "node:crypto";
import { Entity } from "electrodb";
import { epochMs, type Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { entity, key, putting, type Write } from "../kernel/table.ts";

/** What a person already sent under an Idempotency-Key, kept for a day. */
const sent = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "idempotency", version: "1", service: "daypass" },
        attributes: {
          userId: { type: "string", required: true },
          idempotencyKey: { type: "string", required: true },
          fingerprint: { type: "string", required: true },
          requestId: { type: "string", required: true },
          expiresAtSeconds: { type: "number", required: true },
        },
        indexes: { byKey: { pk: key("pk", ["userId", "idempotencyKey"]), sk: key("sk", []) } },
      },
      options,
    ),
);

export function fingerprintOf(input: unknown): string {
  return createHash("sha256").update(JSON.stringify(input)).digest("hex");
}

/** The request that this key made before.
 * @throws DomainError conflict `idempotency.reused` when the same key came with other content. */
export async function findSent(
  ctx: Pick<Context, "table">,
  userId: Id<"user">,
  idempotencyKey: string,
  fingerprint: string,
): Promise<Id<"request"> | undefined> {
  const { data } = await sent(ctx).get({ userId, idempotencyKey }).go({ consistent: true });
  if (!data) return undefined;
  if (data.fingerprint !== fingerprint) {
    throw conflict("idempotency.reused", "This Idempotency-Key was used for a different request.");
  }
  return data.requestId as Id<"request">;
}

export function rememberingSent(
  ctx: Pick<Context, "table">,
  userId: Id<"user">,
  idempotencyKey: string,
  fingerprint: string,
  requestId: Id<"request">,
  now: Instant,
): Write {
  const expiresAtSeconds = Math.floor(epochMs(now) / 1000) + 86_400;
  const params = sent(ctx)
    .create({ userId, idempotencyKey, fingerprint, requestId, expiresAtSeconds })
    .params();
  return putting(params, () =>
    conflict("idempotency.in-flight", "The same request is being filed at this moment."),
  );
}
