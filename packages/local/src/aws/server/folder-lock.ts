import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Keeps a second system out of a state folder: two writers would destroy each other's journals. A lock left by a
 * process that was killed is taken over; its start time tells it from another process that has got the same number.
 */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lock");
  const mine = `${process.pid} ${startTimeOf(process.pid) ?? "?"}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: "wx", mode: 0o600 });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    if (isHeld(path)) break;
    rmSync(path, { force: true });
  }
  throw new Error(`The folder ${folder} is in use by another running Daypass. Stop that one first.`);
}

function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  const [pid = "", startTime] = readFileSync(path, "utf8").trim().split(" ");
  if (!/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return startTime === "?" || startTimeOf(Number(pid)) === startTime;
}

/** Clock ticks since boot at which a process started; undefined where there is no /proc. */
function startTimeOf(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const stat = readFileSync(path, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}
