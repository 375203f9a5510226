import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { askSecret } from "./ask-secret.ts";
import type { ConfigFile, Io } from "./io.ts";
import { run } from "./run.ts";

const stopping = new AbortController();
// Both the terminal and the launcher may send it; once is enough, and twice is no harm.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
// Whoever reads the results may have had enough of them.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const io: Io = {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY === true,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { askSecret } : {}),
  readConfig,
  fetch,
  nowMs: Date.now,
  sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: stopping.signal }),
  signal: stopping.signal,
};
process.exitCode = await run(io, process.argv.slice(2));

/** Text and rights of one and the same file, whatever is put in its place meanwhile. */
async function readConfig(path: string): Promise<ConfigFile> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { mode, uid } = await file.stat();
    // Windows has neither; there a file in the home folder is for its owner.
    const own = process.getuid?.();
    return {
      text: await file.readFile("utf8"),
      mode: own === undefined ? 0o600 : mode,
      isOwn: own === undefined || uid === own,
    };
  } finally {
    await file.close();
  }
}
