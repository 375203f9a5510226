import { expect, test } from "vitest";
import type { GrantView } from "../../lib/api.ts";
import { soonestFirst } from "./soonest-first.ts";

const grant = (id: string, state: GrantView["state"], endsAt: string | null) =>
  ({ id, state, endsAt }) as GrantView;

test("what ends next is on top, under what is starting, and the ended keep their order", () => {
  const order = soonestFirst([
    grant("later", "active", "2026-03-13T14:00:00.000Z"),
    grant("ended-last", "revoked", "2026-03-13T12:00:00.000Z"),
    grant("sooner", "active", "2026-03-13T13:00:00.000Z"),
    grant("ended-first", "revoked", "2026-03-13T11:00:00.000Z"),
    grant("starting", "provisioning", null),
  ]);
  expect(order.map(({ id }) => id)).toEqual(["starting", "sooner", "later", "ended-last", "ended-first"]);
});
