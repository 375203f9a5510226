import { EngineError } from "../engine.ts";
import { grantPreparedSights } from "./install.ts";
import type { Settled } from "./settle-prepared.ts";

/** Why nobody can say that nothing of the account may still be committed; undefined when it was seen. */
export function whyPreparedMayBeLeft(
  administrator: string,
  { left, isUnknown }: Settled,
): EngineError | undefined {
  if (isUnknown) {
    return new EngineError(
      "permission",
      "the administrator may not look for prepared transactions (XA), of which the account may have left one",
      { remedy: grantPreparedSights(administrator).slice(0, 1) },
    );
  }
  if (left.length === 0) return undefined;
  return new EngineError(
    "conflict",
    `${left.length} prepared transactions (XA) were left since the account was made, and one may be its own: they hold their locks, and anybody may commit them`,
    { remedy: left.slice(0, 10).map(({ rollBack }) => `${rollBack};`) },
  );
}
