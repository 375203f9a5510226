import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { entity, key, putting, type Write } from "../kernel/table.ts";
import type { Grant } from "./grant.ts";

type Reads = Pick<Context, "table">;
type Subject = Id<"user"> | Id<"instance">;

/** When all access of a person, or on an instance, was last ended. Lists of live grants lag by moments; what was
 * planned before this moment and is not on them yet is known by this. */
const accessEnds = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "access-end", version: "1", service: "daypass" },
        attributes: {
          subjectId: { type: "string", required: true },
          at: { type: "string", required: true },
        },
        indexes: { bySubject: { pk: key("pk", ["subjectId"]), sk: key("sk", []) } },
      },
      options,
    ),
);

/** All access of its holder, or on its instance, was ended after this grant was planned. */
export async function isAccessEnded(ctx: Reads, { holder, database, createdAt }: Grant): Promise<boolean> {
  const { data } = await accessEnds(ctx)
    .get([{ subjectId: holder.id }, { subjectId: database.instance.id }])
    .go({ consistent: true });
  return data.some(({ at }) => createdAt <= at);
}

/** Belongs into the transaction that ends the access. */
export function notingAccessEnd(ctx: Reads, subjectId: Subject, at: Instant): Write {
  return putting(accessEnds(ctx).put({ subjectId, at }).params(), () =>
    conflict("access.ended-meanwhile", "Somebody else ended this access in the same moment."),
  );
}
