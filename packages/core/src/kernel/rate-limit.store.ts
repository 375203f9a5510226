import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { Entity } from "electrodb";
import { epochMs } from "./clock.ts";
import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";
import { entity, key } from "./table.ts";

const windowMs = 60_000;

/** How often somebody did something in one minute. */
const uses = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "use", version: "1", service: "daypass" },
        attributes: {
          what: { type: "string", required: true },
          who: { type: "string", required: true },
          window: { type: "number", required: true },
          uses: { type: "number" },
          expiresAtSeconds: { type: "number" },
        },
        indexes: { byWindow: { pk: key("pk", ["what", "who", "window"]), sk: key("sk", []) } },
      },
      options,
    ),
);

/** Counts one use in the running minute. Without the table there is no count and no use either: it fails closed.
 * @throws DomainError limited `limit.too-many` with `retryAfterSeconds` once there were `perMinute`. */
export async function countUse(
  ctx: Pick<Context, "table" | "clock">,
  { what, who, perMinute }: { what: string; who: string; perMinute: number },
): Promise<void> {
  const now = epochMs(ctx.clock.now());
  const window = Math.floor(now / windowMs);
  const params = uses(ctx)
    .update({ what, who, window })
    .add({ uses: 1 })
    .set({ expiresAtSeconds: (window + 5) * (windowMs / 1000) })
    .where(
      (attributes, { lt, notExists }) => `${notExists(attributes.uses)} OR ${lt(attributes.uses, perMinute)}`,
    )
    .params<UpdateCommandInput>();
  try {
    await ctx.table.client.send(new UpdateCommand(params));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const retryAfterSeconds = Math.ceil(((window + 1) * windowMs - now) / 1000);
    throw new DomainError(
      "limited",
      "limit.too-many",
      `That was too often; try again in ${retryAfterSeconds} s.`,
      {
        details: { retryAfterSeconds },
      },
    );
  }
}
