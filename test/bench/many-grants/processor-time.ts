import { readFileSync } from "node:fs";

/** Seconds that a process and those of its children that have ended spent on a processor, by Linux. */
export function processorSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program may hold spaces; what follows its last bracket does not.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = [11, 12, 13, 14].map((index) => Number(fields[index]));
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

const ticksPerSecond = 100;
