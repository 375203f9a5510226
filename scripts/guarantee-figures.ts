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
 * `npm run campaign -- --out result.json && node scripts/guarantee-figures.ts result.json` writes the figures of
 * docs/guarantee.md anew: for each line and engine the worst that was measured, and every cell that was outside.
 */
type Result = { at: string; seed: number; versions: Record<string, string>; processors: number; rows: Row[] };

function figures({ at, seed, versions, processors, rows }: Result): string {
  const played = rows.filter((row): row is Row & { engine: EngineName } => row.engine !== "model");
  const engines = [...new Set(played.map(({ engine }) => engine))];
  const outside = rows.filter((row) => row.outside.length > 0);
  const servers = engines.map((engine) => versions[engine] ?? names[engine]).join(", ");
  const histories = rows.find(({ engine }) => engine === "model");
  const lives = histories?.finding ? `, and ${histories.finding.lives} random histories` : "";
  const table = lines.map(({ line, what, measure, limitMs }) => {
    const cells = engines.map((engine) => {
      const judged = played.filter((row) => row.engine === engine && row.promises.includes(line));
      if (judged.length === 0) return "not played";
      const worst = Math.max(...judged.map(({ finding }) => (finding && measure(finding)) ?? -Infinity));
      return `${worst === -Infinity ? "never" : seconds(worst)} (${judged.length})`;
    });
    return `| ${line} | ${what} | ${cells.join(" | ")} | ${engines.map((engine) => seconds(limitMs(engine))).join(", ")} |`;
  });
  return `${[
    `${at.slice(0, 10)}, ${servers}, ${processors} processors, seed ${seed}: **${rows.length - outside.length} of ${rows.length} cells within the guarantee**${lives}.`,
    "Each figure is the worst of all cells that the line judges (their number in brackets); below zero is before the end.",
    "",
    `| | the worst | ${engines.map((engine) => names[engine]).join(" | ")} | promised |`,
    `|---|---|${engines.map(() => "---").join("|")}|---|`,
    ...table,
    "",
    ...(outside.length === 0
      ? []
      : [
          "Outside:",
          "",
          ...outside.map(
            (row) =>
              `- ${names[row.engine as EngineName] ?? row.engine}, ${row.fault}: ${row.outside.map(firstLine).join("; ")}`,
          ),
          "",
        ]),
  ].join("\n")}`;
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

const names: Readonly<Record<EngineName, string>> = { postgres: "PostgreSQL", mysql: "MySQL / MariaDB" };

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
const path = process.argv[2];
if (path === undefined)
  throw new Error("name the result file of the campaign: npm run campaign -- --out FILE");
const result = JSON.parse(await readFile(path, "utf8")) as Result;
const text = await readFile(document, "utf8");
const [begin, end] = [/<!-- figures:.*-->\n/.exec(text), text.indexOf("<!-- /figures -->")];
if (!begin || end < 0) throw new Error("docs/guarantee.md has no place for figures");
const before = text.slice(0, begin.index + begin[0].length);
await writeFile(document, `${before}${figures(result)}${text.slice(end)}`);
