import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { inspect, parseArgs } from "node:util";
import { type Cell, type Finding, judge } from "./cell.ts";
import { hiddenMysql } from "./cells/hidden-mysql.ts";
import { hostileMysql } from "./cells/hostile-mysql.ts";
import { hostilePostgres } from "./cells/hostile-postgres.ts";
import { killPoints } from "./cells/kill-points.ts";
import { killedProcesses } from "./cells/killed-process.ts";
import { layers } from "./cells/layers.ts";
import { lockingPostgres } from "./cells/locking-postgres.ts";
import { databaseOutages, serviceOutages } from "./cells/outages.ts";
import { partialAnswers } from "./cells/partial-answers.ts";
import { restores } from "./cells/restore.ts";
import { upgrades } from "./cells/upgrade.ts";
import type { DatabaseServer } from "./database/database-server.ts";
import { startMysqlServer } from "./database/mysql.ts";
import { startPostgresServer } from "./database/postgres.ts";
import { type EngineName, engineNames } from "./guarantee.ts";
import { runHistories } from "./histories/run-histories.ts";
import { runPlanted } from "./planted/run-planted.ts";
import { headingLines, lineOf, type Row } from "./table.ts";

/** The shorter cut plays histories for this long, each time with another seed. */
const secondsOfShortCut = 60;

/** `npm run campaign [-- --short] [--engine postgres] [--seed 7] [--histories 10000] [--only words] [--out file]`, and
 * `npm run campaign -- --planted`, which makes the mistakes of others and wants to be told. */
const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    engine: { type: "string" },
    seed: { type: "string" },
    only: { type: "string", default: "" },
    out: { type: "string" },
    histories: { type: "string" },
    planted: { type: "boolean", default: false },
  },
});
const engines =
  values.engine === undefined ? engineNames : engineNames.filter((name) => name === values.engine);
if (engines.length === 0) throw new Error(`--engine is one of ${engineNames.join(", ")}`);

if (values.planted) {
  const missed = (await runPlanted(engines)).filter(({ caughtBy }) => caughtBy.length === 0);
  process.exit(missed.length === 0 ? 0 : 1);
}

const start: Record<EngineName, () => Promise<DatabaseServer>> = {
  postgres: startPostgresServer,
  mysql: startMysqlServer,
};
/** What the campaign started goes with it, however it is ended. */
const open = new Set<DatabaseServer>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void Promise.allSettled([...open].map((server) => server.remove())).then(() => process.exit(1));
  });
}
const cells: readonly Cell[] = [
  ...layers,
  ...databaseOutages,
  ...serviceOutages,
  ...partialAnswers,
  ...hostilePostgres,
  ...lockingPostgres,
  ...hostileMysql,
  ...hiddenMysql,
  ...killPoints,
  ...killedProcesses,
  ...restores,
  ...upgrades,
];
const rows: Row[] = [];
const versions: Record<string, string> = {};
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const histories = Number(values.histories ?? 10_000);
if (!Number.isInteger(seed) || !Number.isInteger(histories))
  throw new Error("--seed and --histories are whole numbers");
console.log(`seed ${seed}\n\n${headingLines()}`);
const isTimed = values.short && values.histories === undefined;
if (histories > 0 && "histories".includes(values.only))
  await tell(await runHistories(histories, seed, isTimed ? secondsOfShortCut : undefined));
// Cells wait more than they work: the engines' stand side by side, each engine's one after the other.
await Promise.all(engines.map(playAll));
const outside = rows.filter((row) => row.outside.length > 0);
console.log(`\n${rows.length - outside.length} cells within the guarantee, ${outside.length} outside`);
process.exit(outside.length === 0 && rows.length > 0 ? 0 : 1);

async function playAll(engine: EngineName): Promise<void> {
  const server = await start[engine]();
  open.add(server);
  versions[engine] = server.version;
  try {
    for (const cell of chosen(engine)) await tell(await play(cell, server));
  } finally {
    open.delete(server);
    await server.remove();
  }
}

/** Prints it, and keeps the file as far as the campaign has come. */
async function tell(row: Row): Promise<void> {
  rows.push(row);
  console.log(lineOf(row));
  if (values.out === undefined) return;
  const at = new Date().toISOString();
  const result = {
    at,
    seed,
    cut: values.short ? "short" : "whole",
    versions,
    processors: availableParallelism(),
    rows,
  };
  await writeFile(values.out, `${JSON.stringify(result, null, 2)}\n`);
}

function chosen(engine: EngineName): Cell[] {
  return cells.filter(
    (cell) =>
      cell.engines.includes(engine) &&
      (cell.isShort || !values.short) &&
      `${cell.group} ${cell.layer}: ${cell.fault}`.includes(values.only),
  );
}

/** What hangs is outside the guarantee too. */
async function withinMinutes<T>(work: Promise<T>, minutes: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not over after ${minutes} minutes`)), minutes * 60_000);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

async function play(cell: Cell, server: DatabaseServer): Promise<Row> {
  const startedAt = performance.now();
  const { group, layer, fault, promises } = cell;
  const row = { group, layer, fault, engine: server.engine, promises };
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  try {
    const finding = await withinMinutes(played(cell, server), 10);
    return { ...row, finding, outside: judge(cell, finding, server.engine), seconds: seconds() };
  } catch (error) {
    const why = inspect(error);
    return { ...row, finding: undefined, outside: [`could not be played: ${why}`], seconds: seconds() };
  }
}

/** Lives that end seconds after they began may be over before they are set up, on a machine that is busy: what could not
 * be set up is tried once more, aloud. What was seen of a life is never seen twice. */
async function played(cell: Cell, server: DatabaseServer): Promise<Finding> {
  try {
    return await cell.run(server);
  } catch (error) {
    // Anything else that is thrown is a finding: a grant that does not come to its end, say.
    if (!(error instanceof Error && error.message === "it did not come to this: the grant is active"))
      throw error;
    console.log(`      once more: ${error.message}`);
    return cell.run(server);
  }
}
