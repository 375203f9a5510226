import type { DatabaseServer } from "./database/database-server.ts";
import {
  droppedAfterMs,
  type EngineName,
  noLoginAfterMs,
  noSessionAfterMs,
  orphanAfterMs,
  type Promised,
} from "./guarantee.ts";

/** Which layers are switched on in a cell of the table. */
export type Layer = "all" | "database" | "timer" | "sweeper" | "timer and sweeper";

/** One row of the table for one engine: a fault that a whole life is led through. */
export type Cell = {
  group: string;
  layer: Layer;
  fault: string;
  /** Which lines of the guarantee hold here, and so judge it. */
  promises: readonly Promised[];
  /** Whether it belongs to the shorter cut. */
  isShort: boolean;
  engines: readonly EngineName[];
  run(server: DatabaseServer): Promise<Finding>;
};

/** What came of it. Times are milliseconds after the end, or after what `from` names; undefined is never. */
export type Finding = {
  from: "the end" | "the database is back" | "the account came back" | "the fault is over" | "the upgrade";
  loginMs: number | undefined;
  sessionMs: number | undefined;
  droppedMs: number | undefined;
  /** Quarantined with its reason instead of dropped. */
  quarantined?: string | undefined;
  /** How many lives this stands for; the times are the worst of them. */
  lives: number;
  /** What no time tells: said too early, closed too early, left behind. Each begins with the line that it breaks. */
  problems: readonly string[];
};

/** What is outside the guarantee, in sentences; nothing when the cell is within it. */
export function judge({ promises }: Pick<Cell, "promises">, finding: Finding, engine: EngineName): string[] {
  const { loginMs, sessionMs, droppedMs, quarantined } = finding;
  const outside = [...finding.problems];
  const has = (promised: Promised) => promises.includes(promised);
  const over = (what: string, value: number | undefined, limitMs: number) => {
    if ((value ?? 0) > limitMs)
      outside.push(`${what}, ${((value ?? 0) / 1000).toFixed(1)} s after ${finding.from}`);
  };
  if (has("G1")) over("G1: a login was let in", loginMs, noLoginAfterMs[engine]);
  else if (has("G2")) over("G2: a login was let in", loginMs, noSessionAfterMs);
  if (has("G2")) over("G2: a session was open", sessionMs, noSessionAfterMs);
  const dropBy = has("G3") ? "G3" : has("G4") ? "G4" : has("G5") ? "G5" : undefined;
  if (dropBy) {
    if (droppedMs === undefined && quarantined === undefined)
      outside.push(`${dropBy}: the account was never dropped`);
    else
      over(`${dropBy}: the account was there`, droppedMs, dropBy === "G5" ? orphanAfterMs : droppedAfterMs);
  }
  return outside;
}

/** Several lives of one cell as one finding: the worst of each. */
export function worstOf(findings: readonly Finding[]): Finding {
  const worst = (values: (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const [first] = findings;
  if (!first) throw new Error("a cell without a life proves nothing");
  const neverDropped = findings.some((one) => one.droppedMs === undefined && one.quarantined === undefined);
  return {
    from: first.from,
    loginMs: worst(findings.map((one) => one.loginMs)),
    sessionMs: worst(findings.map((one) => one.sessionMs)),
    droppedMs: neverDropped ? undefined : worst(findings.map((one) => one.droppedMs)),
    quarantined: neverDropped
      ? undefined
      : findings.find((one) => one.quarantined !== undefined)?.quarantined,
    lives: findings.reduce((sum, one) => sum + one.lives, 0),
    problems: findings.flatMap((one) => one.problems),
  };
}
