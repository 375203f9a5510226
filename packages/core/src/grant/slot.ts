import type { Instant } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";

/** Why a turn goes to a server: to take accounts back, or for anything else (make, extend, look). */
export const errands = ["revoke", "other"] as const;
export type Errand = (typeof errands)[number];

/** Who is working with the server of an instance right now. Brokers are processes apart from each other: this record is
 * all that they know of one another. */
export type Slots = {
  instanceId: Id<"instance">;
  /** Raised by every change; each change is conditional on it. */
  version: number;
  held: readonly Slot[];
};

/** Frees itself at `until`, when its holder has certainly been stopped. */
export type Slot = {
  /** Known to its holder alone. */
  token: string;
  /** Below the number of slots: holders share out work by it. */
  number: number;
  errand: Errand;
  until: Instant;
};

/** The sessions that one holder may have open at once: one on the server, and one in a database or as the account. */
export const connectionsPerSlot = 2;

export function slotCount(connectionsPerInstance: number): number {
  return Math.max(1, Math.floor(connectionsPerInstance / connectionsPerSlot));
}

/** How many holders may be on this errand at once. Revocations go first, and cannot be kept waiting by anything else:
 * they get all slots but one, everything else half of them, so that it gets its turn during a mass expiry too. */
export function limitOf(errand: Errand, count: number): number {
  if (count === 1) return 1;
  return errand === "revoke" ? count - 1 : Math.floor(count / 2);
}

/** The record with one more holder, or undefined when there is no room. What ran out is dropped on the way. */
export function taking(
  slots: Slots,
  wanted: Pick<Slot, "token" | "errand" | "until">,
  now: Instant,
  count: number,
): { next: Slots; slot: Slot } | undefined {
  const held = slots.held.filter(({ until }) => until > now);
  const onErrand = held.filter(({ errand }) => errand === wanted.errand);
  if (held.length >= count || onErrand.length >= limitOf(wanted.errand, count)) return undefined;
  const free = Array.from({ length: count }, (_, number) => number);
  const number = free.find((one) => !held.some((other) => other.number === one));
  if (number === undefined) return undefined;
  const slot = { ...wanted, number };
  return { next: { ...slots, version: slots.version + 1, held: [...held, slot] }, slot };
}

/** The record without this holder; undefined when it is not there any more. */
export function freeing(slots: Slots, { token }: Pick<Slot, "token">): Slots | undefined {
  const held = slots.held.filter((slot) => slot.token !== token);
  return held.length === slots.held.length ? undefined : { ...slots, version: slots.version + 1, held };
}
