import { loadTarget, policyTargetOf, type Target } from "../catalog/catalog.store.ts";
import type { DatabaseRef, Scope } from "../catalog/catalog.view.ts";
import type { Database } from "../catalog/database.ts";
import type { Instance } from "../catalog/instance.ts";
import { loadTables } from "../catalog/schema.store.ts";
import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { listPolicies } from "../policy/policy.store.ts";
import type { Policy } from "../policy/policy.ts";
import type { PolicyTarget } from "../policy/question.ts";

/** What somebody asks for, as the catalogue knows it, with the policies that have to say whether they may. */
export type AskTarget = {
  ref: DatabaseRef;
  database: Database;
  instance: Instance;
  networkId: Id<"network">;
  policyTarget: PolicyTarget;
  policies: readonly Policy[];
  /** Those of the scope that the database does not have, as far as its schema was read. */
  unknownObjects: readonly ScopeObject[];
};

/** Undefined where there is no such database, or it is no longer offered. */
export async function findTarget(
  ctx: Pick<Context, "table">,
  id: Id<"database">,
  scope: Scope,
): Promise<AskTarget | undefined> {
  const [target, policies] = await Promise.all([loadTarget(ctx, id), listPolicies(ctx)]);
  if (!target?.offered) return undefined;
  return {
    ref: target.ref,
    database: target.database,
    instance: target.instance,
    networkId: target.instance.networkId,
    policyTarget: policyTargetOf(target),
    policies,
    unknownObjects: await unknownObjects(ctx, target, scope),
  };
}

async function unknownObjects(
  ctx: Pick<Context, "table">,
  { database }: Target,
  scope: Scope,
): Promise<ScopeObject[]> {
  if (scope.kind === "database" || !database.schemaReadAt) return [];
  const tables = await loadTables(ctx, database);
  return scope.objects.filter(
    ({ schema, table }) =>
      !tables.some((known) => known.schema === schema && (table === undefined || known.name === table)),
  );
}

type ScopeObject = Extract<Scope, { kind: "objects" }>["objects"][number];
