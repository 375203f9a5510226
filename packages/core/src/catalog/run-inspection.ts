import type { BrokerContext } from "../grant/account-engine.port.ts";
import { holdingSlot } from "../grant/visit.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { CheckView, TableView } from "./catalog.view.ts";
import { listDatabaseRecords } from "./database.store.ts";
import { isWanted } from "./database.ts";
import type { Engines, Preflight, SchemaRead, ServerTarget } from "./engine.port.ts";
import { failInspection } from "./fail-inspection.ts";
import { findInspection } from "./inspection.store.ts";
import type { Inspection } from "./inspection.ts";
import { findInstance } from "./instance.store.ts";
import type { Instance } from "./instance.ts";
import { databasesAtOnce, recordInspection } from "./record-inspection.ts";
import { dropTables, storeTables } from "./schema.store.ts";
import { type AdministratorReads, administratorTarget } from "./secret.ts";

/** The data plane, acting as the workflow. */
export type RunInspectionContext = Context &
  AdministratorReads & { engines: Engines } & Pick<BrokerContext, "limits">;
type Found = { name: string; present: boolean; schemaHash?: string };

/** Does the run that is under way: connection test, databases, schemas. What a person can put right is recorded as the
 * run's failure; what they cannot is thrown, for the workflow to try again. Repeating it does no harm. */
export async function runInspection(ctx: RunInspectionContext, instanceId: Id<"instance">): Promise<void> {
  const [instance, inspection] = await Promise.all([
    findInstance(ctx, instanceId),
    findInspection(ctx, instanceId),
  ]);
  if (!instance || inspection?.status !== "running") return;
  try {
    await holdingOne(ctx, instanceId, () => inspect(ctx, instance, inspection));
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    ctx.log.warn("inspection failed", { instanceId, message });
    await failInspection(ctx, instanceId, message);
  }
}

/** An inspection is in no hurry: it waits for a slot of the server, and leaves the rest to the workflow's next attempt. */
async function holdingOne(
  ctx: RunInspectionContext,
  instanceId: Id<"instance">,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; attempt <= slotAttempts; attempt += 1) {
    if (await holdingSlot(ctx, instanceId, "other", work)) return;
    await ctx.clock.sleep(2000);
  }
  throw new DomainError(
    "unavailable",
    "instance.busy",
    "All sessions that Daypass may have there are at work.",
  );
}
const slotAttempts = 15;

async function inspect(ctx: RunInspectionContext, instance: Instance, { run }: Inspection): Promise<void> {
  const target = await administratorTarget(ctx, instance);
  const engine = ctx.engines.for(instance);
  const preflight = await engine.preflight(target);
  const { max, reserved } = await engine.connectionRoom(target);
  const listed = await engine.listDatabases(target);
  const wanted = listed.filter(
    (each) => each.acceptsConnections && isWanted(each.name, instance.databasePatterns),
  );
  const { found, checks } = await readSchemas(ctx, instance, target, wanted);
  const all: Found[] = [...found, ...(await vanished(ctx, instance, wanted))];
  const finish = {
    serverVersion: preflight.version.slice(0, 200),
    connections: { max, reserved },
    checks: [...preflight.checks.map(viewOfCheck), ...checks].slice(0, 200),
  };
  const at = { outcome: "found", instanceId: instance.id, run } as const;
  for (let start = databasesAtOnce; start < all.length; start += databasesAtOnce) {
    await recordInspection(ctx, { ...at, databases: all.slice(start, start + databasesAtOnce) });
  }
  await recordInspection(ctx, { ...at, databases: all.slice(0, databasesAtOnce), finish });
  for (const { name, schemaHash } of all) {
    if (schemaHash) await dropTables(ctx, { instanceId: instance.id, name }, schemaHash);
  }
}

/** One after the other, so that the server feels little of it. A database that cannot be read is a finding. */
async function readSchemas(
  ctx: RunInspectionContext,
  instance: Instance,
  target: ServerTarget,
  databases: readonly { name: string }[],
): Promise<{ found: Found[]; checks: CheckView[] }> {
  const engine = ctx.engines.for(instance);
  const found: Found[] = [];
  const checks: CheckView[] = [];
  for (const { name } of databases) {
    try {
      const tables = tablesOf(await engine.readSchema(target, name));
      const schemaHash = await storeTables(ctx, { instanceId: instance.id, name }, tables);
      found.push({ name, present: true, schemaHash });
    } catch (error) {
      const message = messageOf(error);
      if (message === undefined) throw error;
      found.push({ name, present: true });
      checks.push({ name: `schema of ${name}`, status: "warning", message, remedy: [] });
    }
  }
  return { found, checks };
}

async function vanished(
  ctx: Context,
  instance: Instance,
  wanted: readonly { name: string }[],
): Promise<Found[]> {
  const known = await listDatabaseRecords(ctx);
  return known
    .filter((database) => database.instanceId === instance.id && database.present)
    .filter((database) => !wanted.some((each) => each.name === database.name))
    .map(({ name }) => ({ name, present: false }));
}

/** Sentences that are fit to show: our own, and an engine's, which carries a `kind` and names no secret. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof DomainError) {
    return error.kind === "invalid" || error.code === "secret.unavailable" ? error.message : undefined;
  }
  return error instanceof Error && "kind" in error ? error.message.slice(0, 1000) : undefined;
}

function viewOfCheck({ id, status, sentence, statements }: Preflight["checks"][number]): CheckView {
  const remedy = statements.map(({ database, sql }) => ({ database: database ?? "any", sql }));
  return { name: id, status, message: sentence, remedy };
}

function tablesOf({ schemas }: SchemaRead): TableView[] {
  return schemas.flatMap(({ name: schema, tables }) =>
    tables.map(({ name, kind, comment, rowEstimate, columns }) => ({
      schema,
      name,
      kind: kindNames[kind],
      comment,
      rowEstimate,
      columns: columns.map((column) => ({ ...column })),
    })),
  );
}
const kindNames = {
  table: "table",
  "partitioned-table": "partitioned table",
  view: "view",
  "materialized-view": "materialized view",
  "foreign-table": "foreign table",
} as const;
