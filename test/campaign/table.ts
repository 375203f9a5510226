import type { Cell, Finding } from "./cell.ts";
import type { EngineName } from "./guarantee.ts";

/** One judged cell, as it stands in the table and in the result file. */
export type Row = {
  group: string;
  layer: Cell["layer"];
  fault: string;
  /** The server, or the model of one in random histories. */
  engine: EngineName | "model";
  promises: Cell["promises"];
  finding: Finding | undefined;
  /** Sentences about what is outside the guarantee. */
  outside: readonly string[];
  seconds: number;
};

const headings = [
  "layer × fault",
  "engine",
  "new login",
  "last session",
  "dropped",
  "judged by",
  "lives",
  "",
];

/** As it goes along: one line a cell, its widths fixed beforehand. */
export function lineOf(row: Row): string {
  const { finding } = row;
  const text = [
    `${row.layer}: ${row.fault}`,
    row.engine,
    ...(finding ? [finding.loginMs, finding.sessionMs, finding.droppedMs].map(timeOf) : ["", "", ""]),
    row.promises.join(" "),
    finding ? String(finding.lives) : "",
    row.outside.length === 0 ? "within" : "OUTSIDE",
  ];
  if (finding?.droppedMs === undefined && finding?.quarantined) text[4] = "quarantined";
  const from = finding && finding.from !== "the end" ? `   (after ${finding.from})` : "";
  const lines = [`${columns(text)}${from}`, ...row.outside.map((one) => `      ${one}`)];
  return lines.join("\n");
}

export function headingLines(): string {
  return `${columns(headings)}\n${columns(widths.map((width) => "-".repeat(Math.max(width, 3))))}`;
}

const widths = [76, 8, 10, 12, 11, 17, 5, 8];

function columns(texts: readonly string[]): string {
  return texts
    .map((text, at) => text.padEnd(widths[at] ?? 0))
    .join("  ")
    .trimEnd();
}

/** Before the end is a time too: a session that was closed by its holder, say. */
function timeOf(ms: number | undefined): string {
  if (ms === undefined) return "never";
  return `${ms < 0 ? "−" : ""}${(Math.abs(ms) / 1000).toFixed(2)} s`;
}
