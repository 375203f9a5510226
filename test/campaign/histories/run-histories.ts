import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Row } from "../table.ts";

/** Plays so many histories, or with `seconds` as many of them as fit into that time, in as many processes as there are
 * processors, each with a seed of its own that follows from the one given: the same seed and number of processes play the
 * same histories. */
export async function runHistories(count: number, seed: number, seconds?: number): Promise<Row> {
  const startedAt = performance.now();
  const processes = Math.min(4, availableParallelism());
  const share = Math.ceil(count / processes);
  const outcomes = await Promise.all(
    Array.from({ length: processes }, (_, index) => playIn(share, seed + index, seconds)),
  );
  const lives = outcomes.reduce((sum, one) => sum + one.histories, 0);
  const outside = outcomes.flatMap(({ failure }) => failure ?? []);
  return {
    group: "histories",
    layer: "all",
    fault: `random histories, seeds ${outcomes.map((one) => one.seed).join(" and ")}`,
    engine: "model",
    promises: ["G1", "G3", "G4", "G5", "G6", "G7"],
    finding: {
      from: "the end",
      loginMs: undefined,
      sessionMs: undefined,
      droppedMs: undefined,
      lives,
      problems: outside,
    },
    outside,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

async function playIn(count: number, seed: number, seconds: number | undefined) {
  const file = join(import.meta.dirname, "play.ts");
  const bounds = ["--count", `${count}`, "--seed", `${seed}`];
  if (seconds !== undefined) bounds.push("--seconds", `${seconds}`);
  const child = spawn(process.execPath, [...process.execArgv, file, ...bounds], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [told, why] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (told += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (why += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const last = told.trim().split("\n").at(-1) ?? "";
  const { histories } = last.startsWith("{") ? (JSON.parse(last) as { histories: number }) : { histories: 0 };
  const isWhole = code === 0 && (seconds === undefined ? histories >= count : histories > 0);
  return { histories, seed, failure: isWhole ? undefined : `seed ${seed}: ${why.trim() || "it broke off"}` };
}
