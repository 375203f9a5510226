import { readFile } from "node:fs/promises";
import type { Server } from "./server.ts";

/** The databases of the sample company, the role that owns each, and the schemas with tables in it. */
export const sampleDatabases = [
  {
    name: "shop",
    owner: "shop_app",
    schemas: ["public", "support"],
    comment: "Orders, customers and support of the online shop",
  },
  {
    name: "payroll",
    owner: "payroll_app",
    schemas: ["public"],
    comment: "Salaries and bank accounts of the staff",
  },
  {
    name: "shop_staging",
    owner: "shop_app",
    schemas: ["public", "support"],
    comment: "Copy of the shop, for trying changes",
  },
] as const;

/**
 * Makes the sample databases on an empty server. The rows are drawn on the server by hashes of their numbers,
 * so that they are the same on every machine.
 */
export async function makeSample(server: Server): Promise<void> {
  const superuser = await server.connect("postgres");
  try {
    // Losing a half-made sample in a power cut costs nothing: it is made again.
    await superuser.query("ALTER SYSTEM SET fsync = off");
    await superuser.query("SELECT pg_reload_conf()");
    for (const role of ["shop_app", "payroll_app"]) await superuser.query(`CREATE ROLE ${role} NOLOGIN`);
    await superuser.query("CREATE DATABASE shop OWNER shop_app");
    await superuser.query("CREATE DATABASE payroll OWNER payroll_app");
    await Promise.all([fillShop(server), fillPayroll(server)]);
    await superuser.query("CREATE DATABASE shop_staging TEMPLATE shop OWNER shop_app STRATEGY file_copy");
    for (const { name, comment } of sampleDatabases) {
      await superuser.query(`COMMENT ON DATABASE ${name} IS '${comment}'`);
    }
    await superuser.query("ALTER SYSTEM RESET fsync");
    await superuser.query("SELECT pg_reload_conf()");
  } finally {
    await superuser.end();
  }
}

async function fillShop(server: Server): Promise<void> {
  await Promise.all([
    load(server, "shop", "shop_app", ["customers"]),
    load(server, "shop", "shop_app", ["products"]),
  ]);
  await load(server, "shop", "shop_app", ["orders", "support"]);
  await estimate(server, "shop");
}

async function fillPayroll(server: Server): Promise<void> {
  await load(server, "payroll", "payroll_app", ["payroll"]);
  await estimate(server, "payroll");
}

/** Row estimates, for the catalogue and the planner. */
async function estimate(server: Server, database: string): Promise<void> {
  const client = await server.connect(database);
  try {
    await client.query("ANALYZE");
  } finally {
    await client.end();
  }
}

/** Runs files of `sample/` in one transaction: what is loaded into tables that it made needs no write-ahead log. */
async function load(
  server: Server,
  database: string,
  owner: string,
  files: readonly string[],
): Promise<void> {
  const client = await server.connect(database);
  try {
    await client.query("BEGIN");
    for (const setting of loadSettings) await client.query(`SET LOCAL ${setting}`);
    await client.query(`SET LOCAL ROLE ${owner}`);
    for (const file of ["words", ...files]) {
      await client.query(await readFile(new URL(`sample/${file}.sql`, import.meta.url), "utf8"));
    }
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

const loadSettings = [
  "max_parallel_workers_per_gather = 0",
  "jit = off",
  // Rows come in the order of their keys, so that grouping them needs no hash table.
  "enable_hashagg = off",
  "work_mem = '64MB'",
  "maintenance_work_mem = '128MB'",
];
