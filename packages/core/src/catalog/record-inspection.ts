import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema, newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { checkView } from "./catalog.view.ts";
import { listDatabaseRecords, puttingDatabase } from "./database.store.ts";
import type { Database } from "./database.ts";
import { findInspection, inspectionChanged, puttingChecks, savingInspection } from "./inspection.store.ts";
import { healthOf, type Inspection } from "./inspection.ts";
import { findInstance, instanceStays } from "./instance.store.ts";

/** What a transaction takes besides the inspection itself. */
export const databasesAtOnce = 80;

const run = { instanceId: idSchema("instance"), run: z.string().min(1).max(64) };
const found = z.strictObject({
  name: z.string().min(1).max(128),
  present: z.boolean(),
  schemaHash: z.string().max(64).optional(),
});

/** Records what an inspection found: some of its databases, with `finish` the last of them and the connection test;
 * or why it failed. Refused when another run came first. */
export const recordInspection = operation({
  name: "instance.record-inspection",
  input: z.discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("found"),
      ...run,
      databases: z.array(found).max(databasesAtOnce),
      finish: z
        .strictObject({
          serverVersion: z.string().max(200),
          connections: z.strictObject({ max: z.int().min(0), reserved: z.int().min(0) }),
          checks: z.array(checkView).max(200),
        })
        .optional(),
    }),
    z.strictObject({ outcome: z.literal("failed"), ...run, error: z.string().min(1).max(1000) }),
  ]),
  load: async (ctx: Context, { instanceId }) => {
    const [instance, inspection, databases] = await Promise.all([
      findInstance(ctx, instanceId),
      findInspection(ctx, instanceId),
      listDatabaseRecords(ctx),
    ]);
    if (!instance || !inspection) throw notFound("instance");
    const known = databases.filter((database) => database.instanceId === instanceId);
    return { facts: { what: "instance" }, instance, inspection, known };
  },
  decide: (ctx, input, { instance, inspection, known }) => {
    if (inspection.status !== "running" || inspection.run !== input.run) throw inspectionChanged();
    const finishedAt = ctx.clock.now();
    const version = inspection.version + 1;
    const event = { subjectId: instance.id, data: { name: instance.name, run: input.run } };
    if (input.outcome === "failed") {
      const { error } = input;
      const failed: Inspection = {
        ...inspection,
        status: "failed",
        finishedAt,
        error,
        health: "unreachable",
        version,
      };
      return {
        result: failed,
        writes: [savingInspection(ctx, failed), instanceStays(ctx, instance.id)],
        event: { ...event, outcome: "failed", data: { ...event.data, error } },
      };
    }
    const { databases, finish } = input;
    const next: Inspection = finish
      ? {
          ...inspection,
          status: "done",
          finishedAt,
          serverVersion: finish.serverVersion,
          connections: finish.connections,
          health: healthOf(finish.checks),
          version,
        }
      : { ...inspection, version };
    const records = databases.map((each): Database => {
      const before = known.find((database) => database.name === each.name);
      return {
        ...(before ?? { id: newId("database", ctx.ids), instanceId: instance.id, name: each.name }),
        present: each.present,
        ...(each.schemaHash ? { schemaHash: each.schemaHash, schemaReadAt: finishedAt } : {}),
      };
    });
    return {
      result: next,
      writes: [
        savingInspection(ctx, next),
        instanceStays(ctx, instance.id),
        ...records.map((record) => puttingDatabase(ctx, record)),
        ...(finish ? [puttingChecks(ctx, instance.id, finish.checks)] : []),
      ],
      event: {
        ...event,
        data: {
          ...event.data,
          ...(finish ? { serverVersion: finish.serverVersion, health: next.health } : {}),
          present: databases.filter((each) => each.present).map((each) => each.name),
          vanished: databases.filter((each) => !each.present).map((each) => each.name),
        },
      },
    };
  },
});
