import { z } from "zod";
import type { Session } from "./connection.ts";
import type { Leftover } from "./leftovers.ts";
import { identifier, list, literal, sql } from "./quote.ts";

/**
 * Statements that empty the functions, procedures and views that other people's objects depend on: the objects that
 * use them stay, and run nothing of the account's. A function refuses; a trigger's function does nothing, as a disabled
 * trigger; a view has its columns and no row.
 */
export async function disarm(session: Session, kept: readonly Leftover[]): Promise<string[]> {
  const ofCatalog = (catalog: string) =>
    kept.filter((one) => one.catalog === catalog).map((one) => one.objectId);
  const routines = await session.rows(routineRow, routineQuery, [ofCatalog("pg_proc")]);
  const views = await session.rows(viewRow, viewQuery, [ofCatalog("pg_class")]);
  return [...routines.map(emptyRoutine), ...views.map(emptyView)];
}

const refusal = "RAISE EXCEPTION 'this was left behind by an account whose access ended, and is empty now';";
const refuse = `BEGIN ${refusal} END`;
const doNothing = `BEGIN
  IF TG_WHEN = 'INSTEAD OF' THEN ${refusal} END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END`;

function emptyRoutine(routine: z.infer<typeof routineRow>): string {
  const inputs = routine.parameters.filter(({ mode }) => "ibv".includes(mode)).length;
  let input = 0;
  const parameters = routine.parameters.flatMap(({ mode, name, type }) => {
    const word = modes[mode];
    if (word === undefined) return [];
    const isInput = "ibv".includes(mode);
    if (isInput) input += 1;
    // A default has to stay one, and would run where the function is called: now it is nothing.
    const hasDefault = isInput && input > inputs - routine.defaults;
    return [[word, name === "" ? "" : identifier(name), type, hasDefault ? "DEFAULT NULL" : ""].join(" ")];
  });
  const head = sql`${routine.name}(${parameters.length === 0 ? "" : list(parameters)})`;
  const body = sql`LANGUAGE plpgsql AS ${literal(routine.result === "trigger" ? doNothing : refuse)}`;
  if (routine.result === null) return sql`CREATE OR REPLACE PROCEDURE ${head} ${body}`;
  const kind = routine.isWindow ? "WINDOW " : "";
  return sql`CREATE OR REPLACE FUNCTION ${head} RETURNS ${routine.result} ${kind}${body}`;
}

/** `t` is a column of RETURNS TABLE, which the result names. */
const modes: Readonly<Record<string, string>> = { i: "IN", o: "OUT", b: "INOUT", v: "VARIADIC" };

function emptyView({ name, columns }: z.infer<typeof viewRow>): string {
  const values = columns.map((column) => {
    const collate = column.collation === null ? "" : sql` COLLATE ${column.collation}`;
    return sql`NULL::${column.type}${collate} AS ${identifier(column.name)}`;
  });
  return sql`CREATE OR REPLACE VIEW ${name} AS SELECT ${values.length === 0 ? "" : list(values)} WHERE false`;
}

const routineRow = z.strictObject({
  name: z.string(),
  /** Null for a procedure. */
  result: z.string().nullable(),
  isWindow: z.boolean(),
  defaults: z.number(),
  parameters: z.array(z.strictObject({ mode: z.string(), name: z.string(), type: z.string() })),
});

const routineQuery = `
SELECT format('%I.%I', n.nspname, p.proname) AS name, CASE WHEN p.prokind <> 'p' THEN pg_get_function_result(p.oid) END AS result,
  p.prokind = 'w' AS "isWindow", p.pronargdefaults::int AS defaults,
  (SELECT coalesce(json_agg(json_build_object('mode', coalesce(p.proargmodes[a.place]::text, 'i'), 'name', coalesce(p.proargnames[a.place], ''),
      'type', format_type(a.type, NULL)) ORDER BY a.place), '[]'::json)
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, place)) AS parameters
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid = ANY ($1::oid[]) AND p.prokind <> 'a'`;

const viewRow = z.strictObject({
  name: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), collation: z.string().nullable() })),
});

const viewQuery = `
SELECT format('%I.%I', n.nspname, c.relname) AS name,
  (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'collation', (SELECT format('%I.%I', m.nspname, o.collname) FROM pg_collation o JOIN pg_namespace m ON m.oid = o.collnamespace
        WHERE o.oid = a.attcollation)) ORDER BY a.attnum), '[]'::json)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'v'`;
