import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findAccessEnd } from "./access-end.store.ts";
import { accessEndSubject, isMeant } from "./access-end.ts";
import { endingHoldings, holdingsAtOnce } from "./end-holdings.ts";
import { findGrantsNow } from "./grant.store.ts";

/** Ends these of the grants that a kill switch was pulled for, as much as one transaction takes: by who pulled it, or by
 * the sweeper in their place. Without an order on record it ends nothing, and nothing but what the order means. */
export const carryOutAccessEnd = operation({
  name: "access-end.carry-out",
  input: z.strictObject({
    subjectId: accessEndSubject,
    grantIds: z.array(idSchema("grant")).max(holdingsAtOnce),
  }),
  load: async (ctx: Context, { subjectId, grantIds }) => {
    const end = await findAccessEnd(ctx, subjectId);
    if (!end) throw notFound("order to end access");
    const found = await findGrantsNow(ctx, grantIds);
    const held = [...found.values()].filter((grant) => isMeant(end, grant));
    return { facts: { what: "order to end access" }, end, held };
  },
  decide: (ctx, { subjectId }, { end, held }) => {
    if (held.length === 0) return { result: [] };
    const { ended, writes } = endingHoldings(ctx, held, end.reason, end.orderedBy);
    return {
      result: ended,
      writes,
      event: {
        subjectId,
        data: { reason: end.reason, orderedBy: end.orderedBy.name, ended: ended.map(({ id }) => id) },
      },
    };
  },
});
