import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { commitAll, deleting, entity, key, putting } from "../kernel/table.ts";
import type { TableView } from "./catalog.view.ts";
import type { Database } from "./database.ts";

type Reads = Pick<Context, "table">;
type Writes = Pick<Context, "table" | "clock">;
type Of = Pick<Database, "instanceId" | "name">;

/** A database's tables and columns, compressed, in parts that fit into items. What an inspection saw is no state of
 * ours: it is written without an event before the database's record names it by its hash, and is whole by then. */
const schemas = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "schema", version: "1", service: "daypass" },
        attributes: {
          instanceId: { type: "string", required: true },
          database: { type: "string", required: true },
          hash: { type: "string", required: true },
          part: { type: "string", required: true },
          parts: { type: "number", required: true },
          text: { type: "string", required: true },
        },
        indexes: {
          byDatabase: { pk: key("pk", ["instanceId", "database"]), sk: key("sk", ["hash", "part"]) },
        },
      },
      options,
    ),
);

/** Of the compressed text: an item may have 400 KB. */
const partLength = 300_000;

/** The tables as last read; none when they were never read. */
export async function loadTables(
  ctx: Reads,
  { instanceId, name, schemaHash }: Of & Pick<Database, "schemaHash">,
): Promise<TableView[]> {
  if (!schemaHash) return [];
  const { data } = await schemas(ctx)
    .query.byDatabase({ instanceId, database: name, hash: schemaHash })
    .go({ consistent: true, pages: "all" });
  if (isWhole(data)) return unpacked(data);
  // A newer reading took its place after the record was read.
  const newer = await schemas(ctx)
    .query.byDatabase({ instanceId, database: name })
    .go({ consistent: true, pages: "all" });
  const whole = [...Map.groupBy(newer.data, (row) => row.hash).values()].find(isWhole);
  return whole ? unpacked(whole) : [];
}

type Row = { parts: number; text: string };
const isWhole = (rows: readonly Row[]) => rows.length > 0 && rows.length === rows[0]?.parts;

function unpacked(rows: readonly Row[]): TableView[] {
  const packed = Buffer.from(rows.map((row) => row.text).join(""), "base64");
  return JSON.parse(gunzipSync(packed).toString("utf8")) as TableView[];
}

/** Keeps the tables and returns the hash that names them; the same tables cost one read. */
export async function storeTables(ctx: Writes, of: Of, tables: readonly TableView[]): Promise<string> {
  const json = JSON.stringify(tables);
  const hash = createHash("sha256").update(json).digest("base64url");
  const text = gzipSync(json).toString("base64");
  const texts = Array.from({ length: Math.ceil(text.length / partLength) }, (_, index) =>
    text.slice(index * partLength, (index + 1) * partLength),
  );
  const kept = await listParts(ctx, of);
  const isKept = (part: string) => kept.some((known) => known.hash === hash && known.part === part);
  for (const [index, slice] of texts.entries()) {
    const part = String(index).padStart(4, "0");
    if (isKept(part)) continue;
    const row = { ...keyOf(of), hash, part, parts: texts.length, text: slice };
    await commitAll(ctx, [putting(schemas(ctx).put(row).params(), changed)]);
  }
  return hash;
}

/** Removes what no record names any more. */
export async function dropTables(ctx: Writes, of: Of, except: string | undefined): Promise<void> {
  const old = (await listParts(ctx, of)).filter((known) => known.hash !== except);
  for (const { hash, part } of old) {
    const params = schemas(ctx)
      .delete({ ...keyOf(of), hash, part })
      .params();
    await commitAll(ctx, [deleting(params, changed)]);
  }
}

async function listParts(ctx: Reads, of: Of): Promise<{ hash: string; part: string }[]> {
  const { data } = await schemas(ctx)
    .query.byDatabase(keyOf(of))
    .go({ consistent: true, pages: "all", attributes: ["hash", "part"] });
  return data;
}

function keyOf({ instanceId, name }: Of) {
  return { instanceId, database: name };
}

function changed() {
  return conflict("database.changed", "The database changed in the meantime.");
}
