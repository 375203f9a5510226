import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";

type Reads = Pick<Context, "table">;
type Kind = "environment" | "network" | "instance" | "policy";

/** One item for each name in use: two things of a kind cannot have the same name, however the letters are cased. */
const names = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "name", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          folded: { type: "string", required: true },
          ownerId: { type: "string", required: true },
        },
        indexes: { byName: { pk: key("pk", ["kind"]), sk: key("sk", ["folded"]) } },
      },
      options,
    ),
);

export function claimingName(ctx: Reads, kind: Kind, name: string, ownerId: string): Write {
  const params = names(ctx)
    .create({ kind, folded: folded(name), ownerId })
    .params();
  return putting(params, () =>
    conflict(`${kind}.name-taken`, `There is another ${kind} named "${name}" already.`, { name }),
  );
}

export function releasingName(ctx: Reads, kind: Kind, name: string, ownerId: string): Write {
  const params = names(ctx)
    .delete({ kind, folded: folded(name) })
    .where((attributes, { eq }) => eq(attributes.ownerId, ownerId))
    .params();
  return deleting(params, () =>
    conflict(`${kind}.changed`, `The ${kind} changed in the meantime; look at it again.`),
  );
}

/** What a new name costs; nothing when only letters changed their case. */
export function renaming(ctx: Reads, kind: Kind, from: string, to: string, ownerId: string): Write[] {
  if (folded(from) === folded(to)) return [];
  return [releasingName(ctx, kind, from, ownerId), claimingName(ctx, kind, to, ownerId)];
}

function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
