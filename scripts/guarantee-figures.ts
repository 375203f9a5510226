import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  droppedAfterMs,
  type EngineName,
  noLoginAfterMs,
  noSessionAfterMs,
  type Promised,
} from "../test/campaign/guarantee.ts";
import type { Row } from "../test/campaign/table.ts";

/**
 * `npm run campaign -- --out result.json && node scripts/guarantee-figures.ts result.json [more.json …]` writes the figures
 * of docs/guarantee.md anew: for each line and server the worst that was measured, and every cell that was outside.
 */
type Result = { at: string; seed: number; versions: Record<string, string>; processors: number; rows: Row[] };
/** One server of one run. */
type Column = { title: string; engine: EngineName; rows: readonly Row[] };

function figures(results: readonly Result[]): string {
  const columns = results.flatMap(columnsOf);
  const rows = results.flatMap((result) => result.rows);
  const outside = rows.filter((row) => row.outside.length > 0);
  const histories = rows.find(({ engine }) => engine === "model");
  const lives = histories?.finding ? `, and ${histories.finding.lives} random histories` : "";
  const runs = results.map(
    ({ at, processors, seed }) => `${at.slice(0, 10)}, ${processors} processors, seed ${seed}`,
  );
  return `${[
    `${runs.join("; ")}: **${rows.length - outside.length} of ${rows.length} cells within the guarantee**${lives}.`,
    "Each figure is the worst of all cells that the line judges (their number in brackets); below zero is before the end.",
    "",
    `| | the worst | ${columns.map(({ title }) => `${title} | promised`).join(" | ")} |`,
    `|---|---|${columns.map(() => "---|---").join("|")}|`,
    ...lines.map(
      (line) => `| ${line.line} | ${line.what} | ${columns.map((one) => cellsOf(line, one)).join(" | ")} |`,
    ),
    "",
    ...(outside.length === 0 ? [] : ["Outside:", "", ...columns.flatMap(outsideOf), ""]),
  ].join("\n")}`;
}

function columnsOf({ versions, rows }: Result): Column[] {
  const engines = rows.flatMap(({ engine }) => (engine === "model" ? [] : [engine]));
  return [...new Set(engines)]
    .toSorted()
    .toReversed()
    .map((engine) => ({
      title: versions[engine] ?? engine,
      engine,
      rows: rows.filter((row) => row.engine === engine),
    }));
}

function cellsOf({ line, measure, limitMs }: Line, { engine, rows }: Column): string {
  const judged = rows.filter(({ promises }) => promises.includes(line));
  if (judged.length === 0) return "not played |";
  const worst = Math.max(...judged.map(({ finding }) => (finding && measure(finding)) ?? -Infinity));
  return `${worst === -Infinity ? "never" : seconds(worst)} (${judged.length}) | ${seconds(limitMs(engine))}`;
}

function outsideOf({ title, rows }: Column): string[] {
  return rows
    .filter((row) => row.outside.length > 0)
    .map((row) => `- ${title}, ${row.fault}: ${row.outside.map(firstLine).join("; ")}`);
}

/** Where it was thrown is for the log of the run. */
function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

type Finding = NonNullable<Row["finding"]>;
type Line = {
  line: Promised;
  what: string;
  measure: (finding: Finding) => number | undefined;
  limitMs: (engine: EngineName) => number;
};

const lines: readonly Line[] = [
  {
    line: "G1",
    what: "login that was let in",
    measure: ({ loginMs }) => loginMs,
    limitMs: (e) => noLoginAfterMs[e],
  },
  {
    line: "G2",
    what: "session that was open",
    measure: ({ sessionMs }) => sessionMs,
    limitMs: () => noSessionAfterMs,
  },
  {
    line: "G3",
    what: "account that was there",
    measure: ({ droppedMs }) => droppedMs,
    limitMs: () => droppedAfterMs,
  },
  {
    line: "G4",
    what: "account that was there, after the fault was over",
    measure: ({ droppedMs }) => droppedMs,
    limitMs: () => droppedAfterMs,
  },
];

function seconds(ms: number): string {
  return `${ms < 0 ? "−" : ""}${(Math.abs(ms) / 1000).toFixed(1)} s`;
}

const document = resolve(import.meta.dirname, "../docs/guarantee.md");
const paths = process.argv.slice(2);
if (paths.length === 0)
  throw new Error("name the result files of the campaign: npm run campaign -- --out FILE");
const results = await Promise.all(
  paths.map(async (path) => JSON.parse(await readFile(path, "utf8")) as Result),
);
const text = await readFile(document, "utf8");
const [begin, end] = [/<!-- figures:.*-->\n/.exec(text), text.indexOf("<!-- /figures -->")];
if (!begin || end < 0) throw new Error("docs/guarantee.md has no place for figures");
const before = text.slice(0, begin.index + begin[0].length);
await writeFile(document, `${before}${figures(results)}${text.slice(end)}`);
