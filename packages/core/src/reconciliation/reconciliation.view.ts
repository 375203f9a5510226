import { z } from "zod";
import { engineSchema } from "../catalog/catalog.view.ts";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";

export const reconciliationModes = ["repair", "dry-run"] as const;
export const reconciliationModeSchema = z.enum(reconciliationModes).meta({
  id: "ReconciliationMode",
  description: "repair = put right what may be put right; dry-run = look and say, touch nothing",
});
export type ReconciliationMode = z.output<typeof reconciliationModeSchema>;

/** How an account and the ledger can differ. */
export const differenceKinds = [
  "unknown", // ours by name and marker, but the ledger has no such grant
  "not-dropped", // the ledger says that it is gone
  "missing", // access lasts, the account is gone
  "denied", // access lasts, the account may not log in
  "extra-right", // rights, attributes or members that we did not give
  "wrong-expiry", // the server enforces another end than the ledger's
  "renamed", // by hand; reported, never touched
  "marker-mismatch", // name, marker and grant do not belong together; reported, never touched
] as const;

/** What was done about it in this run. */
export const differenceActions = [
  "none", // a dry run, or nothing that we may touch
  "quarantined", // no login, no rights, no session; dropped after `dropAfter`
  "dropped",
  "revoked", // taken back once more, absence seen
  "expiry-set",
  "alarm", // administrators were told
  "failed", // tried; the message says what stood in the way
] as const;

export const differenceView = z
  .strictObject({
    kind: z.enum(differenceKinds),
    /** Name of the database account. */
    account: z.string(),
    grantId: idSchema("grant").nullable(),
    message: z.string(),
    action: z.enum(differenceActions),
    /** When a quarantined account that no grant knows is dropped. */
    dropAfter: instantSchema.nullable(),
    /** What to run by hand. */
    remedy: z.array(z.string()),
  })
  .meta({ id: "Difference" });
export type Difference = z.output<typeof differenceView>;

/** The last comparison of the ledger with the accounts that are really on an instance. */
export const reconciliationView = z
  .strictObject({
    instance: z.strictObject({ id: idSchema("instance"), name: z.string(), engine: engineSchema }),
    environment: z.strictObject({ id: idSchema("environment"), name: z.string(), protected: z.boolean() }),
    status: z.enum(["never", "running", "done", "failed"]),
    mode: reconciliationModeSchema.nullable(),
    /** Names one run; a new one begins with another. */
    run: z.string().nullable(),
    /** Who asked for it; null when it came by itself. */
    startedBy: z.string().nullable(),
    startedAt: instantSchema.nullable(),
    finishedAt: instantSchema.nullable(),
    /** Accounts with our marker on the server, and live grants that they were compared with. */
    accountCount: z.number().int().nullable(),
    grantCount: z.number().int().nullable(),
    /** Of the last run that finished, at most 100 of them. */
    differences: z.array(differenceView),
    differenceCount: z.number().int(),
    error: z.string().nullable(),
    /** When differences were last looked for and put right. */
    repairedAt: instantSchema.nullable(),
    /** When it comes by itself again; null while nothing is lent and the server is left asleep. */
    nextAt: instantSchema.nullable(),
  })
  .meta({ id: "Reconciliation" });
export type ReconciliationView = z.output<typeof reconciliationView>;
