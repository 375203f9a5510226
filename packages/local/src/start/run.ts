import { setTimeout as sleep } from "node:timers/promises";
import type { Arguments } from "./arguments.ts";
import { beginEarly } from "./begin-early.ts";
import type { boot, Running } from "./boot.ts";
import { captureFunctionLogs } from "./function-logs.ts";
import { mariadbLine } from "./mariadb.ts";
import { takeStateFolder } from "./state-folder.ts";
import { summary } from "./summary.ts";

/** Runs until it is told to stop, or until the start fails; then stops what was started, the last first. */
export async function run(args: Arguments): Promise<void> {
  const abort = new AbortController();
  const stops: (() => Promise<void> | void)[] = [];
  const told = new Promise<"told">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        // Whoever asks twice does not want to wait; everything is made to survive that.
        if (abort.signal.aborted) process.exit(130);
        abort.abort();
        resolve("told");
      });
    }
  });

  const folder = await takeStateFolder({ reset: args.reset });
  stops.push(() => folder.release());
  const logs = captureFunctionLogs(folder.log);
  stops.push(() => logs.close());
  try {
    const onStop = (stop: () => Promise<void> | void) => stops.push(stop);
    const early = beginEarly({ folder, onStop, signal: abort.signal });
    const started = bootLater({
      folder,
      early,
      onStop,
      ...(args.port === undefined ? {} : { port: args.port }),
    });
    const outcome = await Promise.race([started, told]);
    if (outcome !== "told") {
      const mariadb = await Promise.race([outcome.mariadb, sleep(soonMs, undefined)]);
      logs.say(summary(outcome, folder, mariadb));
      if (mariadb === undefined) {
        void outcome.mariadb.then((late) => {
          if (!abort.signal.aborted) logs.say(`  MariaDB     ${mariadbLine(late)}\n`);
        });
      }
      await told;
    }
    logs.say("\n  Stopping …");
    // A start that is interrupted breaks off with an error that nobody needs to read.
    started.catch(() => undefined);
  } finally {
    await stopAll(stops, logs.say);
  }
  process.exit();
}

/** A MariaDB that takes longer than this is announced when it is there. */
const soonMs = 100;

/** Loading all services takes a second, which what was begun early makes use of. */
async function bootLater(parts: Omit<Parameters<typeof boot>[0], "functions">): Promise<Running> {
  const [{ boot }, { applicationFunctions }] = await Promise.all([
    import("./boot.ts"),
    import("./handlers.ts"),
  ]);
  return boot({ ...parts, functions: applicationFunctions() });
}

/** Afterwards the process ends whatever still hangs; the next start carries on from there. */
const patienceMs = 2_500;

async function stopAll(stops: (() => Promise<void> | void)[], say: (text: string) => void): Promise<void> {
  const stopping = (async () => {
    for (const stop of stops.toReversed()) {
      await Promise.resolve()
        .then(stop)
        .catch((error: unknown) => say(`  ${error instanceof Error ? error.message : String(error)}\n`));
    }
    return "stopped";
  })();
  const outcome = await Promise.race([stopping, sleep(patienceMs)]);
  say(
    outcome === "stopped"
      ? " stopped.\n"
      : " some parts did not stop in time; the next start sees to them.\n",
  );
}
