import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, type PutCommandInput } from "@aws-sdk/lib-dynamodb";
import { Entity } from "electrodb";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { entity, key } from "../kernel/table.ts";
import { freeing, type Slot, type Slots, taking } from "./slot.ts";

type Writes = Pick<Context, "table" | "clock" | "ids">;

/** One item for each instance: who holds its slots. No right and no move depends on it. */
const slots = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "slots", version: "1", service: "daypass" },
        attributes: {
          instanceId: { type: "string", required: true },
          version: { type: "number", required: true },
          held: { type: "any", required: true },
          expiresAtSeconds: { type: "number" },
        },
        indexes: { byInstance: { pk: key("pk", ["instanceId"]), sk: key("sk", []) } },
      },
      options,
    ),
);

/** Takes a slot of the instance if there is room for this errand. Whoever finds that others were quicker looks again a
 * few times, and is then told that there is none. */
export async function takeSlot(
  ctx: Writes,
  instanceId: Id<"instance">,
  wanted: Pick<Slot, "errand" | "until">,
  count: number,
): Promise<Slot | undefined> {
  const token = ctx.ids.ulid();
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const taken = taking(await findSlots(ctx, instanceId), { ...wanted, token }, ctx.clock.now(), count);
    if (taken === undefined) return undefined;
    if (await put(ctx, taken.next)) return taken.slot;
    await pause(ctx, attempt);
  }
  return undefined;
}

/** Gives a slot back. One that cannot be given back runs out by itself. */
export async function freeSlot(
  ctx: Pick<Context, "table" | "clock" | "log">,
  instanceId: Id<"instance">,
  slot: Slot,
): Promise<void> {
  let because = "others kept changing the record";
  try {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const next = freeing(await findSlots(ctx, instanceId), slot);
      if (next === undefined || (await put(ctx, next))) return;
      await pause(ctx, attempt);
    }
  } catch (error) {
    because = error instanceof Error ? error.name : "unknown";
  }
  ctx.log.warn("a slot is left to run out", { instanceId, until: slot.until, because });
}

const attempts = 12;

function pause({ clock }: Pick<Context, "clock">, attempt: number): Promise<void> {
  return clock.sleep(5 * 1.5 ** attempt * (0.5 + Math.random()));
}

/** Who holds the slots of an instance, those that ran out included. */
export async function findSlots(ctx: Pick<Context, "table">, instanceId: Id<"instance">): Promise<Slots> {
  const { data } = await slots(ctx).get({ instanceId }).go({ consistent: true });
  return { instanceId, version: data?.version ?? 0, held: (data?.held ?? []) as readonly Slot[] };
}

/** False when somebody else changed it since it was read. */
async function put(ctx: Pick<Context, "table">, next: Slots): Promise<boolean> {
  const last = next.held.map(({ until }) => epochMs(until)).toSorted((one, other) => other - one)[0];
  const params = slots(ctx)
    .put({
      instanceId: next.instanceId,
      version: next.version,
      held: next.held,
      ...(last === undefined ? {} : { expiresAtSeconds: Math.ceil(last / 1000) + 86_400 }),
    })
    .where(({ version }, { eq, notExists }) =>
      next.version === 1 ? notExists(version) : eq(version, next.version - 1),
    )
    .params<PutCommandInput>();
  try {
    await ctx.table.client.send(new PutCommand(params));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
