import fc from "fast-check";
import { expect, test } from "vitest";
import { type Instant, plusMs } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import { type Errand, freeing, limitOf, type Slots, slotCount, taking } from "./slot.ts";

const noon = "2026-06-09T12:00:00.000Z" as Instant;
const empty: Slots = {
  instanceId: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"instance">,
  version: 0,
  held: [],
};
const errand = fc.constantFrom<Errand>("revoke", "other");

test("a slot is two connections, and there is always one", () => {
  expect([2, 3, 4, 8, 9, 100].map(slotCount)).toEqual([1, 1, 2, 4, 4, 50]);
});

test("revocations get all slots but one, everything else half of them, each at least one", () => {
  for (let count = 1; count <= 50; count += 1) {
    expect(limitOf("revoke", count)).toBe(Math.max(1, count - 1));
    expect(limitOf("other", count)).toBe(Math.max(1, Math.floor(count / 2)));
  }
});

test("whatever is taken, given back and left to run out: never too many, no number twice, room for both errands", () => {
  const step = fc.record({ errand, seconds: fc.integer({ min: 0, max: 60 }), free: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8 }), fc.array(step, { maxLength: 60 }), (count, steps) => {
      let slots = empty;
      let now = noon;
      for (const [index, one] of steps.entries()) {
        now = plusMs(now, one.seconds * 1000);
        const [first] = slots.held;
        if (one.free && first) slots = freeing(slots, first) ?? slots;
        const wanted = { token: `token-${index}`, errand: one.errand, until: plusMs(now, 90_000) };
        const before = slots.held.filter(({ until }) => until > now);
        const taken = taking(slots, wanted, now, count);
        const same = before.filter((slot) => slot.errand === one.errand).length;
        expect(taken !== undefined).toBe(before.length < count && same < limitOf(one.errand, count));
        slots = taken?.next ?? slots;
        const held = slots.held.filter(({ until }) => until > now);
        expect(held.length).toBeLessThanOrEqual(count);
        expect(new Set(held.map(({ number }) => number)).size).toBe(held.length);
        expect(held.every(({ number }) => number >= 0 && number < count)).toBe(true);
        // Nobody who is on the one errand can keep all of those out who are on the other.
        for (const other of ["revoke", "other"] as const) {
          const onlyOther = held.every((slot) => slot.errand !== other);
          if (onlyOther)
            expect(taking(slots, { ...wanted, errand: other, token: "next" }, now, count)).toBeDefined();
        }
      }
    }),
  );
});

test("a slot that ran out is given to the next, and its former holder frees nothing of theirs", () => {
  const first = taking(empty, { token: "crashed", errand: "revoke", until: plusMs(noon, 1000) }, noon, 1);
  if (!first) throw new Error("there was room");
  const wanted = { token: "next", errand: "revoke", until: plusMs(noon, 60_000) } as const;
  expect(taking(first.next, wanted, plusMs(noon, 999), 1)).toBeUndefined();
  const second = taking(first.next, wanted, plusMs(noon, 1000), 1);
  expect(second?.next.held).toEqual([{ ...wanted, number: 0 }]);
  expect(second && freeing(second.next, first.slot)).toBeUndefined();
});
