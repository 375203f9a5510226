import { randomBytes } from "node:crypto";
import type { AccountPlan } from "@daypass/databases/engine.ts";

/** A plan with a fresh account and grant, for one hour of `read` on the whole shop unless said otherwise. */
export function newPlan(changes: Partial<AccountPlan> = {}): AccountPlan {
  return {
    name: newAccountName(),
    grantId: `grant_${randomBytes(6).toString("hex")}`,
    database: "shop",
    level: "read",
    scope: { kind: "database" },
    expiresAtMs: Date.now() + 3_600_000,
    ...changes,
  };
}

export function newAccountName(): string {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  const random = [...randomBytes(25)].map((byte) => alphabet[byte % 32] ?? "0").join("");
  return `dp_0${random}`;
}
