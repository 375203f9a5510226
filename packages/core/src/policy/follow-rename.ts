import { userRef } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import type { Write } from "../kernel/table.ts";
import { type StoredPolicy, savingPolicy, storedPolicy } from "./policy.store.ts";
import { namesTarget, type TargetKind, withIds } from "./target-names.ts";

/** So many fit into the transaction of the rename. */
const policiesAtOnce = 80;

export type Renamed = { kind: TargetKind; id: string; from: string; to: string };

/**
 * What a rename writes to the policies that name the thing, in the same transaction. Those that have its name, because
 * they were written before it existed or by the first release, get its id. All get another version, so that whoever
 * opened one with the old name does not save that name over it: it may be another thing's by then.
 *
 * @throws DomainError conflict `policy.too-many-named`.
 */
export function followingRename(
  ctx: Pick<Context, "table" | "clock" | "actor">,
  policies: readonly StoredPolicy[],
  { kind, id, from, to }: Renamed,
): { policies: string[]; writes: Write[] } {
  if (from === to) return { policies: [], writes: [] };
  const byName = policies.filter(({ document }) => namesTarget(document, kind, from));
  if (byName.length > policiesAtOnce) {
    throw conflict(
      "policy.too-many-named",
      `${byName.length} policies name it by its name; save some of them once more, then rename it.`,
    );
  }
  const byId = policies.filter((one) => !byName.includes(one) && namesTarget(one.document, kind, id));
  const followed = [...byName, ...byId].slice(0, policiesAtOnce);
  const before = { environments: new Map<string, string>(), instances: new Map<string, string>() };
  before[kind].set(id, from);
  return {
    policies: followed.map(({ document }) => document.name),
    writes: followed.map((policy) =>
      savingPolicy(
        ctx,
        storedPolicy({
          ...policy,
          version: policy.version + 1,
          document: withIds(policy.document, before),
          updatedAt: ctx.clock.now(),
          updatedBy: ctx.actor.kind === "user" ? userRef(ctx.actor) : null,
        }),
      ),
    ),
  };
}
