import { z } from "zod";
import { listLiveGrantsOfDatabase } from "../grant/grant.store.ts";
import { actingUser } from "../identity/acting-user.ts";
import { policyUser } from "../identity/user.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { appliesTo } from "../policy/applies-to.ts";
import { listPolicies } from "../policy/policy.store.ts";
import { listRequestsForDatabase } from "../request/request.store.ts";
import { loadTarget, policyTargetOf } from "./catalog.store.ts";
import type { DatabaseDetailView } from "./catalog.view.ts";
import { findInspection } from "./inspection.store.ts";
import { presentDatabases } from "./present-databases.ts";
import { loadTables } from "./schema.store.ts";

/** One database. Its schema is for administrators, auditors, its holders and those who may ask for it; who holds it,
 * who asked and which policies apply is for administrators and auditors. */
export const readDatabase = operation({
  name: "database.read",
  input: z.strictObject({ id: idSchema("database") }),
  load: async (ctx: Context, { id }) => {
    const reader = actingUser(ctx);
    const [target, policies, grants] = await Promise.all([
      loadTarget(ctx, id),
      listPolicies(ctx),
      listLiveGrantsOfDatabase(ctx, id),
    ]);
    const seesAll = reader.roles.some((role) => role !== "member");
    const holds = grants.some((grant) => grant.holder.id === reader.id);
    if (!target || !(target.offered || seesAll || holds)) throw notFound("database");
    const inspection = await findInspection(ctx, target.instance.id);
    return { facts: { what: "database" }, reader, seesAll, holds, target, policies, grants, inspection };
  },
  decide: async (ctx, { id }, { reader, seesAll, holds, target, policies, grants, inspection }) => {
    const user = policyUser(reader);
    const inspections = new Map(inspection ? [[target.instance.id, inspection]] : []);
    const [view] = await presentDatabases(ctx, [target], inspections, policies, user);
    if (!view) throw notFound("database");
    const seesSchema = seesAll || holds || view.askable.some(({ allowed }) => allowed);
    const [tables, requests] = await Promise.all([
      seesSchema ? loadTables(ctx, target.database) : [],
      seesAll ? listRequestsForDatabase(ctx, id, 10) : [],
    ]);
    const result: DatabaseDetailView = {
      ...view,
      schemaReadAt: (seesSchema && target.database.schemaReadAt) || null,
      tables,
      holders: seesAll
        ? grants.map((grant) => ({
            grantId: grant.id,
            name: grant.holder.name,
            level: grant.level,
            endsAt: grant.endsAt ?? null,
          }))
        : [],
      policies: seesAll
        ? policies
            .filter(({ document }) => appliesTo(document, policyTargetOf(target), epochMs(ctx.clock.now())))
            .map((policy) => ({ id: policy.id, name: policy.document.name }))
        : [],
      recentRequests: requests.map((request) => ({
        id: request.id,
        requester: request.requester.name,
        level: request.level,
        status: request.status,
        createdAt: request.createdAt,
      })),
    };
    return { result };
  },
});
