import { EngineError } from "../engine.ts";
import type { Account } from "./accounts.ts";
import type { Session } from "./connection.ts";
import { type EverybodysRight, everybodysRights } from "./everybody.ts";
import type { Right } from "./rights.ts";
import { compareGrants, showGrants } from "./show-grants.ts";

/** Asks the server what the account holds while it is still locked, and refuses when that is not what was meant. */
export async function assertRights(
  session: Session,
  account: Pick<Account, "name" | "host">,
  meant: readonly Right[],
): Promise<void> {
  const open = await everybodysRights(session);
  if (open.length > 0) throw openToEverybody(open);
  const { extra, missing } = compareGrants(await showGrants(session, account), meant, session.dialect);
  if (extra.length > 0 || missing.length > 0) {
    const findings = [...extra.map((one) => `has ${one}`), ...missing.map((one) => `lacks ${one}`)];
    throw new EngineError(
      "conflict",
      `account ${account.name} does not hold what its grant says: ${findings.slice(0, 3).join("; ")}`,
    );
  }
}

function openToEverybody(open: readonly EverybodysRight[]): EngineError {
  const more = open.length > 3 ? ` and ${open.length - 3} more` : "";
  return new EngineError(
    "permission",
    `every account of this server has rights beyond its level or outside its scope: ${open
      .slice(0, 3)
      .map((one) => one.sentence)
      .join("; ")}${more}`,
    { remedy: [...new Set(open.map((one) => one.statement))].slice(0, 50) },
  );
}
