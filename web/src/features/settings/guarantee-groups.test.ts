import { describe, expect, it } from "vitest";
import type { GrantView } from "../../lib/api.ts";
import { guaranteeGroups } from "./guarantee-groups.ts";

const failure = (since: string) => ({ since, step: "revoke", reason: "lock" }) as GrantView["failure"];
const grant = (
  account: string,
  state: GrantView["state"],
  more: { failure?: GrantView["failure"]; endsAt?: string } = {},
) =>
  ({ account, state, failure: null, endsAt: null, createdAt: "2026-01-01", ...more }) as unknown as GrantView;
const now = Date.parse("2025-12-31");
const names = (grants: GrantView[]) => grants.map(({ account }) => account);

describe("guaranteeGroups", () => {
  it("counts as stuck whatever is quarantined or has failed on its way, the oldest first", () => {
    const { stuck } = guaranteeGroups(
      [
        grant("late", "revoking", { failure: failure("2026-01-03") }),
        grant("locked", "quarantined", { failure: failure("2026-01-02") }),
        grant("unmade", "provisioning", { failure: failure("2026-01-04") }),
      ],
      now,
    );
    expect(names(stuck)).toEqual(["locked", "late", "unmade"]);
  });

  it("does not call stuck what is merely on its way", () => {
    const groups = guaranteeGroups([grant("a", "revoking"), grant("b", "planned")], now);
    expect([names(groups.revoking), names(groups.starting), names(groups.stuck)]).toEqual([["a"], ["b"], []]);
  });

  it("calls stuck what is past its end with nobody at it", () => {
    const late = grant("late", "active", { endsAt: "2026-01-01T00:00:00Z" });
    expect(names(guaranteeGroups([late], Date.parse("2026-01-01T00:02:00Z")).stuck)).toEqual(["late"]);
  });

  it("shows what is armed by its end, and leaves out what is revoked", () => {
    const { armed } = guaranteeGroups(
      [
        grant("b", "active", { endsAt: "2026-01-02" }),
        grant("gone", "revoked"),
        grant("a", "active", { endsAt: "2026-01-01" }),
      ],
      now,
    );
    expect(names(armed)).toEqual(["a", "b"]);
  });
});
