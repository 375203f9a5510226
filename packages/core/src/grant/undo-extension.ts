import { z } from "zod";
import { moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The database could not be told of the later end before the old one came: access ends early, never late. */
export const undoExtension = grantMove(
  "grant.undo-extension",
  z.strictObject({ ...moveTarget }),
  (_ctx, grant) => ({
    next: moved(grant, "active", { endsAt: grant.databaseEndsAt }),
    outcome: "failed",
    data: {
      endsAt: grant.databaseEndsAt ?? null,
      wanted: grant.endsAt ?? null,
      message: grant.failure?.message ?? null,
    },
  }),
);
