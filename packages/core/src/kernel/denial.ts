import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";
import { eventOf, recording } from "./event.store.ts";
import type { OperationName } from "./permission.ts";
import { countUse } from "./rate-limit.store.ts";
import { commitAll } from "./table.ts";

/** More than anybody meets by mistake. Each denial is a write, and stands in the story of what it was about. */
export const deniedPerMinute = 60;

/** Runs a step whose refusal is recorded too. Strangers' are not, and nobody's after so many in a minute: they could
 * fill the trail.
 * @throws what the step throws; limited `limit.too-many` in place of a denial that was not recorded. */
export async function recordingDenials<T>(
  ctx: Context,
  name: OperationName,
  raw: unknown,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof DomainError && isDenial(error) && ctx.actor.kind !== "anonymous") {
      const who = ctx.actor.kind === "user" ? ctx.actor.id : ctx.actor.name;
      await countUse(ctx, { what: "denial", who, perMinute: deniedPerMinute });
      const event = eventOf(ctx, name, {
        subjectId: subjectOf(raw),
        outcome: "denied",
        data: { code: error.code, message: error.message },
      });
      await commitAll(ctx, [recording(ctx, event)]);
    }
    throw error;
  }
}

/** What a limit of break-glass refuses is as telling as what was used. */
function isDenial({ kind, code }: DomainError): boolean {
  const isOfGlass = code === "break-glass.open" || code === "break-glass.too-many";
  return kind === "forbidden" || kind === "not-found" || isOfGlass;
}

function subjectOf(raw: unknown): string {
  const input = (raw ?? {}) as Record<string, unknown>;
  for (const field of ["id", "requestId", "grantId", "databaseId"]) {
    const value = input[field];
    if (typeof value === "string" && value.length <= 64) return value;
  }
  return "none";
}
