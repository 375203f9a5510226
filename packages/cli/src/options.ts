import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";

export type ReconcileOptions = {
  command: "reconcile";
  instances: readonly string[];
  dryRun: boolean;
  json: boolean;
  /** For all instances together. */
  timeoutMs: number;
  url: string | undefined;
  config: string | undefined;
  color: boolean;
};
export type Options = ReconcileOptions | { command: "help" } | { command: "version" };

/** Reads the command line. @throws Failure about the first thing that it does not know. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  if (values.help || (positionals[0] === "help" && positionals.length <= 2)) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command, ...rest] = positionals;
  if (command === undefined) throw new Failure("Say what to do: daypass reconcile", seeHelp);
  if (command !== "reconcile") throw new Failure(`There is no command "${command}".`, seeHelp);
  if (rest.length > 0) {
    throw new Failure(`"${rest[0]}" is one word too many.`, `Did you mean --instance ${rest[0]}?`);
  }
  return {
    command,
    instances: [...new Set(values.instance)],
    dryRun: values["dry-run"],
    json: values.json,
    timeoutMs: timeoutOf(values.timeout),
    url: values.url,
    config: values.config,
    color: !values["no-color"],
  };
}

const seeHelp = "daypass --help tells all of it.";

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        instance: { type: "string", short: "i", multiple: true, default: [] },
        "dry-run": { type: "boolean", short: "n", default: false },
        json: { type: "boolean", default: false },
        timeout: { type: "string", default: "10m" },
        url: { type: "string" },
        config: { type: "string" },
        "no-color": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (/'--token/.test(error.message)) {
      throw new Failure(
        "A token is not taken from the command line, where other users of the machine could read it.",
        "Set DAYPASS_TOKEN, or keep it in the configuration file.",
      );
    }
    throw new Failure(error.message.split(". ")[0] ?? error.message, seeHelp);
  }
}

const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

function timeoutOf(text: string): number {
  const [, count, unit = "s"] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? [];
  const milliseconds = Number(count) * units[unit as keyof typeof units];
  if (count === undefined || milliseconds === 0 || milliseconds > 24 * units.h) {
    throw new Failure(`--timeout takes a time such as 90s, 10m or 1h, not "${text}".`);
  }
  return milliseconds;
}
