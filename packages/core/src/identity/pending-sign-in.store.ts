import { Entity } from "electrodb";
import { type Instant, plusMinutes } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError, invalid } from "../kernel/errors.ts";
import { commitAll, deleting, entity, key, putting } from "../kernel/table.ts";
import { hashOf } from "./random-secret.ts";
import { secondsOf } from "./session.ts";

type Reads = Pick<Context, "table" | "clock">;

export const signInMinutes = 10;

/** A sign-in on its way to the provider and back. Its state, nonce and verifier follow from the secret in the
 * cookie, of which only the hash is here. */
const pendingSignIns = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "pending-sign-in", version: "1", service: "daypass" },
        attributes: {
          idHash: { type: "string", required: true },
          returnPath: { type: "string", required: true },
          expiresAt: { type: "string", required: true },
          expiresAtSeconds: { type: "number", required: true },
        },
        indexes: { byHash: { pk: key("pk", ["idHash"]), sk: key("sk", []) } },
      },
      options,
    ),
);

export async function beginPending(ctx: Reads, secret: string, returnPath: string): Promise<void> {
  const expiresAt: Instant = plusMinutes(ctx.clock.now(), signInMinutes);
  const row = { idHash: hashOf(secret), returnPath, expiresAt, expiresAtSeconds: secondsOf(expiresAt) };
  const params = pendingSignIns(ctx).create(row).params();
  await commitAll(ctx, [
    putting(params, () => conflict("sign-in.exists", "This sign-in exists already; begin again.")),
  ]);
}

/** Takes it away for good: of two uses only one succeeds, and none after ten minutes.
 * @throws DomainError invalid `sign-in.expired`. */
export async function consumePending(ctx: Reads, secret: string): Promise<{ returnPath: string }> {
  const idHash = hashOf(secret);
  const { data } = await pendingSignIns(ctx).get({ idHash }).go({ consistent: true });
  if (!data) throw expired();
  const now: string = ctx.clock.now();
  const params = pendingSignIns(ctx)
    .remove({ idHash })
    .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
    .params();
  await commitAll(ctx, [deleting(params, expired)]);
  return { returnPath: data.returnPath };
}

export function expired(): DomainError {
  return invalid("sign-in.expired", "This sign-in was used or has expired; sign in again.");
}
