import { apiAt, type Reconciliation } from "./api.ts";
import { type Compared, compareAll } from "./compare.ts";
import { readConfig } from "./config.ts";
import { type ExitCode, exitCodes, Failure } from "./failure.ts";
import type { Io } from "./io.ts";
import type { ReconcileOptions } from "./options.ts";
import { plain } from "./plain.ts";
import { reportJson, reportText } from "./report.ts";
import { counted } from "./words.ts";

/** `daypass reconcile`: compares ledger and accounts on every instance, or on the named ones. */
export async function reconcile(io: Io, options: ReconcileOptions): Promise<ExitCode> {
  const config = await readConfig(io, options);
  const api = apiAt(io, config);
  const mode = options.dryRun ? "dry-run" : "repair";
  const chosen = choose(await api.listReconciliations(), options.instances);
  io.err(
    `Comparing ${counted(chosen.length, "instance")} at ${config.url.origin}; ${
      options.dryRun ? "nothing is touched" : "what is safe to put right is put right"
    }.\n`,
  );
  const compared = await compareAll(io, api, chosen, {
    mode,
    timeoutMs: options.timeoutMs,
    onDone: (one) => io.err(`  ${plain(one.reconciliation.instance.name)}: ${outcome(one)}\n`),
  });
  const exitCode = exitCodeOf(compared);
  io.out(
    options.json
      ? reportJson(compared, { mode, exitCode })
      : reportText(compared, { origin: config.url.origin, mode, color: options.color && isColored(io) }),
  );
  return exitCode;
}

function choose(known: readonly Reconciliation[], names: readonly string[]): Reconciliation[] {
  const unknown = names.find((name) => !known.some(({ instance }) => instance.name === name));
  if (unknown !== undefined) {
    const all = known.map(({ instance }) => plain(instance.name)).join(", ");
    throw new Failure(
      `There is no instance "${plain(unknown)}".`,
      all === "" ? "No instance is registered yet." : `There are: ${all}.`,
    );
  }
  return known.filter(({ instance }) => names.length === 0 || names.includes(instance.name));
}

function outcome({ reconciliation, problem }: Compared): string {
  if (problem !== null) return `could not be checked: ${plain(problem)}`;
  return reconciliation.differenceCount === 0
    ? "no difference"
    : counted(reconciliation.differenceCount, "difference");
}

/** What could not be checked comes first: the rest is not the whole answer then. */
function exitCodeOf(compared: readonly Compared[]): ExitCode {
  if (compared.some(({ problem }) => problem !== null)) return exitCodes.unchecked;
  return compared.some(({ reconciliation }) => reconciliation.differenceCount > 0)
    ? exitCodes.differs
    : exitCodes.same;
}

/** https://no-color.org: set to anything but nothing. */
function isColored({ env, isTerminal }: Io): boolean {
  return isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
