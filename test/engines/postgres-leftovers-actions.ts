/** Who does something while access lasts: the account, another one that reads, one that stays, and the application. */
export type Actor = "maker" | "reader" | "neighbour" | "root";

export type Action = { by: Actor; sql: string };

/** A whole number below `limit`. */
export type Pick = (limit: number) => number;

/** Notes in the session that runs it who ran it. */
export const ran = "set_config('left.ran', current_user::text, false)";

const kinds = ["t", "v", "f", "y", "d", "s", "o"] as const;

/** A name of a kind, with what has to be quoted in it. */
function name(kind: (typeof kinds)[number], pick: Pick): string {
  const schema = ["crm", `"odd ""schema"""`][pick(2)];
  return `${schema}."${kind}${pick(2)} %_'""\\"`;
}

/** What the account creates before chance takes over, so that there is something to build on. */
export function foundation(): Action[] {
  const first = (kind: (typeof kinds)[number]) => name(kind, () => 0);
  const second = (kind: (typeof kinds)[number]) => name(kind, () => 1);
  const statements = [
    `CREATE TYPE ${first("y")} AS ENUM ('a', 'b')`,
    `CREATE TYPE ${second("y")} AS (a int, b text)`,
    `CREATE DOMAIN ${first("d")} AS text DEFAULT ${ran} CHECK (${ran} IS NOT NULL)`,
    `CREATE SEQUENCE ${first("s")}`,
    `CREATE FUNCTION ${first("f")}(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM ${ran}; RETURN $1; END $$`,
    `CREATE FUNCTION ${first("f")}(text) RETURNS text LANGUAGE sql AS $$ SELECT ${ran} $$`,
    `CREATE FUNCTION ${first("f")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM ${ran}; RETURN NEW; END $$`,
    `CREATE TABLE ${first("t")} (id int PRIMARY KEY, note text)`,
    `INSERT INTO ${first("t")} VALUES (1, 'kept')`,
    `CREATE TABLE ${second("t")} (id int, note text) PARTITION BY RANGE (id)`,
    `CREATE VIEW ${first("v")} AS SELECT *, ${ran} AS who FROM ${first("t")}`,
    "CREATE SCHEMA left_schema",
    "CREATE SERVER left_server FOREIGN DATA WRAPPER postgres_fdw",
  ];
  return statements.map((sql) => ({ by: "maker", sql }));
}

/** One random thing that can be done to or with an object of some kind; much of it fails, as the names are random too. */
export function randomAction(pick: Pick): Action {
  const by =
    (["maker", "maker", "maker", "maker", "reader", "neighbour", "root"] as const)[pick(7)] ?? "maker";
  switch (by) {
    case "maker":
      return { by, sql: pick(4) === 0 ? sharing(pick) : making(pick) };
    case "reader":
      return { by, sql: pick(2) === 0 ? "SELECT lo_from_bytea(0, 'copied')" : shareLargeObjects(pick) };
    case "neighbour":
      return { by, sql: pick(3) === 0 ? sharing(pick) : using(name, pick) };
    case "root":
      return { by, sql: using(() => `app_side."a${pick(6)}"`, pick) };
  }
}

type Naming = (kind: (typeof kinds)[number], pick: Pick) => string;

/** What somebody else builds on what an account made. */
function using(own: Naming, pick: Pick): string {
  const n = (kind: (typeof kinds)[number]) => name(kind, pick);
  const options = [
    () => `CREATE VIEW ${own("v", pick)} AS SELECT * FROM ${n("t")}`,
    () => `CREATE VIEW ${own("v", pick)} AS SELECT * FROM ${n("v")}`,
    () => `CREATE VIEW ${own("v", pick)} AS SELECT ${n("f")}(1) AS called`,
    () => `CREATE TABLE ${own("t", pick)} (id int DEFAULT ${n("f")}(1), y ${n("y")}, d ${n("d")})`,
    () => `CREATE TABLE ${own("t", pick)} (id int, twice int GENERATED ALWAYS AS (${n("f")}(1)) STORED)`,
    () => `CREATE TABLE ${own("t", pick)} (id int REFERENCES ${n("t")} (id))`,
    () =>
      `CREATE TABLE ${own("t", pick)} (whole ${n("t")}, next int DEFAULT nextval('${n("s").replaceAll("'", "''")}'))`,
    () => `CREATE FUNCTION ${own("f", pick)}(${n("y")}) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    () => `CREATE TRIGGER uses BEFORE INSERT ON ${own("t", pick)} FOR EACH ROW EXECUTE FUNCTION ${n("f")}()`,
    () => `CREATE MATERIALIZED VIEW ${own("v", pick)} AS SELECT * FROM ${n("t")}`,
    () => `CREATE TABLE ${own("t", pick)} (note text COLLATE ${n("o")})`,
  ];
  return options[pick(options.length)]?.() ?? "";
}

function making(pick: Pick): string {
  const n = (kind: (typeof kinds)[number]) => name(kind, pick);
  const t = n("t");
  const options = [
    () => `CREATE TABLE ${t} (id int PRIMARY KEY, note text DEFAULT ${ran})`,
    () => `CREATE TABLE ${t} AS SELECT 1 AS id, 'kept'::text AS note`,
    () => `CREATE TABLE ${t} (id int, note text) PARTITION BY RANGE (id)`,
    () => `CREATE TABLE ${t} PARTITION OF ${n("t")} DEFAULT`,
    () => `CREATE TABLE ${t} (extra int) INHERITS (${n("t")})`,
    () => `CREATE TABLE ${t} (id serial, y ${n("y")}, d ${n("d")})`,
    () => `INSERT INTO ${t} (id) VALUES (${pick(50)})`,
    () => `INSERT INTO ${t} (id, note) SELECT n, 'kept' FROM generate_series(100, 110) n`,
    () => `ALTER TABLE ${t} ADD COLUMN "c ${pick(3)}" text DEFAULT ${ran}`,
    () => `ALTER TABLE ${t} ADD COLUMN "c ${pick(3)}" ${n("y")}`,
    () => `ALTER TABLE ${t} ADD COLUMN "c ${pick(3)}" ${n("d")}`,
    () => `ALTER TABLE ${t} ADD COLUMN "c ${pick(3)}" int GENERATED ALWAYS AS (${n("f")}(id)) STORED`,
    () => `ALTER TABLE ${t} ADD COLUMN "c ${pick(3)}" int GENERATED ALWAYS AS (id + 1) VIRTUAL`,
    () => `ALTER TABLE ${t} ADD COLUMN "c ${pick(3)}" int GENERATED ALWAYS AS IDENTITY`,
    () => `ALTER TABLE ${t} ADD CHECK (${ran} IS NOT NULL)`,
    () => `ALTER TABLE ${t} ADD UNIQUE (id)`,
    () => `ALTER TABLE ${t} ADD FOREIGN KEY (id) REFERENCES ${n("t")} (id) NOT VALID`,
    () => `CREATE INDEX ON ${t} ((${n("f")}(id)))`,
    () => `CREATE INDEX ON ${t} (id) WHERE id > 0`,
    () => `CREATE STATISTICS ${n("o")} ON id, note FROM ${t}`,
    () =>
      `CREATE TRIGGER "tg ${pick(3)}" BEFORE INSERT OR UPDATE ON ${t} FOR EACH ROW EXECUTE FUNCTION ${n("f")}()`,
    () => `CREATE RULE "ru ${pick(3)}" AS ON INSERT TO ${t} DO ALSO SELECT ${ran}`,
    () => `CREATE POLICY "po ${pick(3)}" ON ${t} USING (${ran} IS NOT NULL)`,
    () => `ALTER TABLE ${t} ENABLE ROW LEVEL SECURITY`,
    () => `CREATE VIEW ${n("v")} AS SELECT *, ${ran} AS who FROM ${t}`,
    () => `CREATE VIEW ${n("v")} AS SELECT ${n("f")}(1) AS called, v.* FROM ${n("v")} v`,
    () => `CREATE MATERIALIZED VIEW ${n("v")} AS SELECT * FROM ${t}`,
    () =>
      `CREATE FUNCTION ${n("f")}(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM ${ran}; RETURN $1; END $$`,
    () =>
      `CREATE FUNCTION ${n("f")}(a int, VARIADIC b text[] DEFAULT ARRAY[${ran}]) RETURNS TABLE (x int, z text) LANGUAGE sql AS $$ SELECT 1, ${ran} $$`,
    () =>
      `CREATE FUNCTION ${n("f")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM ${ran}; RETURN NEW; END $$`,
    () =>
      `CREATE FUNCTION ${n("f")}(INOUT a ${n("y")}, OUT b text) LANGUAGE sql SECURITY DEFINER AS $$ SELECT a, ${ran} $$`,
    () => `CREATE FUNCTION ${n("f")}(text) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT ${ran}; END`,
    () =>
      `CREATE PROCEDURE ${n("f")}(INOUT a int, OUT b text) LANGUAGE plpgsql AS $$ BEGIN PERFORM ${ran}; END $$`,
    () => `CREATE AGGREGATE ${n("f")}(int) (SFUNC = int4pl, STYPE = int)`,
    () => `CREATE TYPE ${n("y")} AS ENUM ('a', 'b')`,
    () => `CREATE TYPE ${n("y")} AS (a int, b ${n("y")})`,
    () => `CREATE TYPE ${n("y")} AS RANGE (SUBTYPE = int4)`,
    () => `CREATE DOMAIN ${n("d")} AS text DEFAULT ${ran} CHECK (${ran} IS NOT NULL)`,
    () => `CREATE DOMAIN ${n("d")} AS ${n("y")}`,
    () => `CREATE CAST (${n("y")} AS text) WITH INOUT AS ASSIGNMENT`,
    () => `CREATE CAST (text AS ${n("y")}) WITH FUNCTION ${n("f")}(text) AS IMPLICIT`,
    () => `CREATE OPERATOR public.=>= (LEFTARG = int, RIGHTARG = ${n("y")}, FUNCTION = ${n("f")})`,
    () => `CREATE OPERATOR public.!~! (RIGHTARG = text, FUNCTION = ${n("f")})`,
    () => `CREATE COLLATION ${n("o")} FROM "C"`,
    () => `CREATE DEFAULT CONVERSION ${n("o")} FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1`,
    () => `CREATE TEXT SEARCH DICTIONARY ${n("o")} (TEMPLATE = simple)`,
    () => `CREATE TEXT SEARCH CONFIGURATION ${n("o")} (COPY = simple)`,
    () => `CREATE SEQUENCE ${n("s")}`,
    () => "SELECT lo_from_bytea(0, 'copied')",
    () => "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC, app_owner",
    () => `CREATE SCHEMA left_schema CREATE TABLE inside AS SELECT 1 AS id`,
    () => "GRANT ALL ON SCHEMA left_schema TO PUBLIC",
    () => "CREATE EXTENSION citext SCHEMA left_schema",
    () => `CREATE TABLE ${t} (mail left_schema.citext)`,
    () => `CREATE PUBLICATION left_publication FOR TABLE ${t}`,
    () => "CREATE SERVER left_server FOREIGN DATA WRAPPER postgres_fdw",
    () => "CREATE USER MAPPING FOR PUBLIC SERVER left_server OPTIONS (user 'x', password 'secret')",
    () => "CREATE USER MAPPING FOR app_owner SERVER left_server",
    () => `CREATE FOREIGN TABLE crm.left_foreign (id int, note text DEFAULT ${ran}) SERVER left_server`,
    () => "GRANT USAGE ON FOREIGN SERVER left_server TO PUBLIC",
    () => `COMMENT ON TABLE ${t} IS 'a comment'`,
  ];
  return options[pick(options.length)]?.() ?? "";
}

function sharing(pick: Pick): string {
  const n = (kind: (typeof kinds)[number]) => name(kind, pick);
  const to = ["PUBLIC", "app_owner", "$maker", "$reader", "$neighbour"][pick(5)] ?? "PUBLIC";
  const how = `TO ${to}${to !== "PUBLIC" && pick(2) === 0 ? " WITH GRANT OPTION" : ""}`;
  const options = [
    () => `GRANT ALL ON ${n("t")} ${how}`,
    () => `GRANT SELECT (id), UPDATE (note) ON ${n("t")} ${how}`,
    () => `GRANT SELECT ON ${n("v")} ${how}`,
    () => `GRANT ALL ON SEQUENCE ${n("s")} ${how}`,
    () => `GRANT EXECUTE ON ROUTINE ${n("f")}(int) ${how}`,
    () => `GRANT USAGE ON TYPE ${n("y")} ${how}`,
    () => `GRANT USAGE ON TYPE ${n("t")} ${how}`,
    () => `CREATE POLICY "of ${pick(3)}" ON ${n("t")} TO ${to} USING (true)`,
    () => `ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS ${how}`,
    () => shareLargeObjects(pick),
  ];
  return options[pick(options.length)]?.() ?? "";
}

function shareLargeObjects(pick: Pick): string {
  const to = ["PUBLIC", `"$maker"`, `"$neighbour"`][pick(3)] ?? "PUBLIC";
  return `DO $$ DECLARE o oid; BEGIN FOR o IN SELECT oid FROM pg_largeobject_metadata WHERE lomowner = current_user::regrole LOOP
    EXECUTE format('GRANT ALL ON LARGE OBJECT %s TO ${to.replaceAll('"', "")}', o); END LOOP; END $$`;
}
