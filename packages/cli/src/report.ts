import type { Compared } from "./compare.ts";
import type { ExitCode } from "./failure.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";
import { actionText, counted, kindText } from "./words.ts";

type Look = { origin: string; mode: "repair" | "dry-run"; color: boolean };

/** A table of the differences, then each with its sentence and what to run, then the sum of it. */
export function reportText(compared: readonly Compared[], look: Look): string {
  const paint = look.color ? colored : uncolored;
  const found = differencesOf(compared);
  const unchecked = compared.filter(({ problem }) => problem !== null);
  const parts: string[] = [];
  if (found.length > 0) {
    const rows = found.map(({ name, difference }) => [
      plain(name),
      plain(difference.account),
      kindText(plain(difference.kind)),
      actionText(plain(difference.action), difference.dropAfter),
    ]);
    parts.push(table(["INSTANCE", "ACCOUNT", "DIFFERENCE", "DONE"], rows));
    parts.push(...found.map((one) => detail(one, look)));
  }
  for (const { reconciliation, problem } of unchecked) {
    parts.push(
      `${paint.bad(`${plain(reconciliation.instance.name)} could not be checked`)}: ${plain(problem ?? "")}\n`,
    );
  }
  parts.push(`${closing(compared, paint)}\n`);
  return parts.join("\n");
}

/** One document; `instances` are as the API shows them, with `problem` where one could not be checked. */
export function reportJson(
  compared: readonly Compared[],
  { mode, exitCode }: { mode: Look["mode"]; exitCode: ExitCode },
): string {
  const document = {
    mode,
    exitCode,
    differenceCount: sum(compared),
    uncheckedCount: compared.filter(({ problem }) => problem !== null).length,
    instances: compared.map(({ reconciliation, problem }) => ({ ...reconciliation, problem })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

type Found = { name: string; difference: Compared["reconciliation"]["differences"][number] };

/** Of those that were checked: what an earlier run found says nothing about now. */
function differencesOf(compared: readonly Compared[]): Found[] {
  return compared
    .filter(({ problem }) => problem === null)
    .flatMap(({ reconciliation }) =>
      reconciliation.differences.map((difference) => ({ name: reconciliation.instance.name, difference })),
    );
}

function detail({ name, difference }: Found, { origin }: Look): string {
  const lines = [
    `${plain(name)}, ${plain(difference.account)}`,
    `  ${plain(difference.message)}`,
    // The grant that the marker of an unknown one names is not there.
    ...(difference.grantId === null || difference.kind === "unknown"
      ? []
      : [`  ${origin}/grants/${encodeURIComponent(difference.grantId)}`]),
    ...(difference.remedy.length === 0 ? [] : ["  To run by hand:"]),
    ...difference.remedy.flatMap((statement) => statement.split("\n").map((line) => `    ${plain(line)}`)),
  ];
  return `${lines.join("\n")}\n`;
}

function closing(compared: readonly Compared[], paint: typeof colored): string {
  const checked = compared.filter(({ problem }) => problem === null);
  const unchecked = compared.length - checked.length;
  const differing = checked.filter(({ reconciliation }) => reconciliation.differenceCount > 0).length;
  const accounts = checked.reduce((all, { reconciliation }) => all + (reconciliation.accountCount ?? 0), 0);
  const what =
    compared.length === 0
      ? "No instance is registered, so nothing was checked"
      : checked.length === 0
        ? "Nothing was checked"
        : differing === 0
          ? `No difference on ${counted(checked.length, "instance")} (${counted(accounts, "account")})`
          : `${counted(sum(compared), "difference")} on ${differing} of ${counted(checked.length, "instance")}`;
  const rest = unchecked === 0 ? "." : `; ${counted(unchecked, "instance")} could not be checked.`;
  return (differing > 0 || unchecked > 0 ? paint.bad : paint.good)(`${what}${rest}`);
}

function sum(compared: readonly Compared[]): number {
  return compared.reduce(
    (all, { reconciliation, problem }) => all + (problem === null ? reconciliation.differenceCount : 0),
    0,
  );
}

const colored = {
  good: (text: string) => `\u001B[32m${text}\u001B[39m`,
  bad: (text: string) => `\u001B[31m${text}\u001B[39m`,
};
const uncolored: typeof colored = { good: (text) => text, bad: (text) => text };
