import packageJson from "../package.json" with { type: "json" };
import { exitCodes, Failure } from "./failure.ts";
import type { Io } from "./io.ts";
import { parseOptions } from "./options.ts";
import { plain } from "./plain.ts";
import { reconcile } from "./reconcile.ts";
import { usage } from "./usage.ts";

/** Runs one command line and gives its exit code; whatever goes wrong is one sentence, and what to do about it. */
export async function run(io: Io, args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    switch (options.command) {
      case "help":
        io.out(usage);
        return 0;
      case "version":
        io.out(`${packageJson.version}\n`);
        return 0;
      case "reconcile":
        return await reconcile(io, options);
    }
  } catch (error) {
    if (io.signal.aborted) {
      io.err("Stopped. Comparisons that have begun go on to their end.\n");
      return interrupted;
    }
    if (!(error instanceof Failure)) throw error;
    io.err(`daypass: ${plain(error.message)}\n${error.hint ? `${plain(error.hint)}\n` : ""}`);
    return exitCodes.unchecked;
  }
}

/** As shells have it: 128 and the number of SIGINT. */
const interrupted = 130;
