import { findSlots, freeSlot, takeSlot } from "@daypass/core/grant/slot.store.ts";
import { type Errand, limitOf, type Slot } from "@daypass/core/grant/slot.ts";
import { plusMs, systemClock } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Real pauses between attempts, so that many at once meet as brokers do. */
const racing = () => ({ ...world.ctx({ kind: "system", name: "workflow" }), clock: systemClock });
const wanted = (errand: Errand, ms = 60_000) => ({ errand, until: plusMs(systemClock.now(), ms) });

test("however many brokers race, never more hold a slot than there are, and all get theirs in the end", async () => {
  const broker = fc.record({
    errand: fc.constantFrom<Errand>("revoke", "other"),
    holdsMs: fc.integer({ min: 0, max: 8 }),
    crashes: fc.nat(5).map((one) => one === 0),
  });
  const brokers = fc.array(broker, { minLength: 10, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 4 }), brokers, async (count, all) => {
      const instanceId = newId("instance", world.ids);
      const holding = new Set<Slot>();
      const most = { all: 0, revoke: 0, other: 0 };
      await Promise.all(
        all.map(async ({ errand, holdsMs, crashes }) => {
          const ctx = racing();
          let slot: Slot | undefined;
          while (slot === undefined) {
            slot = await takeSlot(ctx, instanceId, wanted(errand, crashes ? 500 : 60_000), count);
            if (slot === undefined) await systemClock.sleep(10 * Math.random());
          }
          holding.add(slot);
          // As of an invocation: past its end it does nothing any more, however late this process notices.
          const now = systemClock.now();
          const alive = [...holding].filter(({ until }) => until > now);
          most.all = Math.max(most.all, alive.length);
          for (const kind of ["revoke", "other"] as const) {
            most[kind] = Math.max(most[kind], alive.filter((one) => one.errand === kind).length);
          }
          await systemClock.sleep(holdsMs);
          holding.delete(slot);
          if (!crashes) await freeSlot(ctx, instanceId, slot);
        }),
      );
      expect(most.all).toBeLessThanOrEqual(count);
      for (const errand of ["revoke", "other"] as const)
        expect(most[errand]).toBeLessThanOrEqual(limitOf(errand, count));
    }),
    { numRuns: 8 },
  );
}, 120_000);

test("of a hundred at the same moment exactly as many get a slot as there are", async () => {
  const instanceId = newId("instance", world.ids);
  const taken = await Promise.all(
    Array.from({ length: 100 }, () => takeSlot(racing(), instanceId, wanted("revoke"), 4)),
  );
  const slots = taken.filter((slot) => slot !== undefined);
  expect(new Set(slots.map(({ number }) => number))).toEqual(new Set([0, 1, 2]));
  expect(slots).toHaveLength(3);
  expect((await findSlots(world, instanceId)).held).toHaveLength(3);
});

test("the slots of one instance are nobody else's", async () => {
  const [one, other] = [newId("instance", world.ids), newId("instance", world.ids)];
  for (let taken = 0; taken < 3; taken += 1)
    expect(await takeSlot(racing(), one, wanted("revoke"), 4)).toBeDefined();
  expect(await takeSlot(racing(), one, wanted("revoke"), 4)).toBeUndefined();
  expect(await takeSlot(racing(), other, wanted("revoke"), 4)).toBeDefined();
});

test("a slot that cannot be given back is said to be left, and the work that was done stands", async () => {
  const instanceId = newId("instance", world.ids);
  const slot = await takeSlot(racing(), instanceId, wanted("revoke"), 4);
  if (!slot) throw new Error("there was room");
  const warnings: unknown[] = [];
  const { log } = racing();
  const away = { ...racing(), log: { ...log, warn: (message: string) => void warnings.push(message) } };
  await freeSlot({ ...away, table: { ...world.table, name: "no-such-table" } }, instanceId, slot);
  expect(warnings).toEqual(["a slot is left to run out"]);
  expect((await findSlots(world, instanceId)).held).toHaveLength(1);
});
