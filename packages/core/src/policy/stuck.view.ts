import { z } from "zod";

/** An approval that nobody known can complete. `certain`: whoever may still join a group, it never can be. */
export const stuckView = z
  .strictObject({
    /** Counted from 1. */
    step: z.number().int(),
    /** So many approvals nobody can give. */
    missing: z.number().int(),
    certain: z.boolean(),
    message: z.string(),
  })
  .meta({ id: "StuckApproval" });
export type StuckView = z.output<typeof stuckView>;
