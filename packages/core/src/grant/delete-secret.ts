import { z } from "zod";
import { illegalMove, moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The secret of a grant that was written off is deleted: only now the sweeper has nothing left to do for it. */
export const deleteSecret = grantMove(
  "grant.delete-secret",
  z.strictObject({ ...moveTarget }),
  (ctx, grant) => {
    const { writtenOff } = grant;
    if (!writtenOff || writtenOff.secretDeletedAt) throw illegalMove(grant, "have its secret deleted");
    return {
      next: moved(grant, "written-off", {
        writtenOff: { ...writtenOff, secretDeletedAt: ctx.clock.now() },
      }),
    };
  },
);
