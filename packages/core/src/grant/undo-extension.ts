import { z } from "zod";
import { illegalMove, moved, needsArming } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The database could not be told of the later end before the old one came: access ends early, never late. */
export const undoExtension = grantMove(
  "grant.undo-extension",
  z.strictObject({ ...moveTarget }),
  (_ctx, grant) => {
    if (!needsArming(grant)) throw illegalMove(grant, "lose an extension that it does not have");
    return {
      next: moved(grant, "active", { endsAt: grant.databaseEndsAt }),
      outcome: "failed",
      data: {
        endsAt: grant.databaseEndsAt ?? null,
        wanted: grant.endsAt ?? null,
        message: grant.failure?.message ?? null,
      },
    };
  },
);
