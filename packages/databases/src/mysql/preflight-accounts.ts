import { z } from "zod";
import { isAccountName } from "../account-name.ts";
import type { PreflightCheck, Target } from "../engine.ts";
import { findCandidates } from "./accounts.ts";
import type { Session } from "./connection.ts";
import { markOf } from "./dialect.ts";
import { everybodysRights } from "./everybody.ts";
import { isRefusal } from "./failure.ts";
import { check } from "./preflight-check.ts";
import { account, sql } from "./quote.ts";

/** What accounts that are not ours, and rights that everybody has, would do to one that is lent. */
export async function accountChecks(session: Session, target: Target): Promise<PreflightCheck[]> {
  const open = await everybodysRights(session).catch((error: unknown) => {
    if (isRefusal(error)) return [];
    throw error;
  });
  const candidates = await findCandidates(session).catch((error: unknown) => {
    if (isRefusal(error)) return [];
    throw error;
  });
  const strange = candidates.filter(
    ({ name, mark }) =>
      isAccountName(name) &&
      mark !== markOf(session.dialect, target.stack, name) &&
      !mark.startsWith("daypass ") &&
      !/^1\d{9}$/.test(mark),
  );
  const anonymous = await anonymousHosts(session);
  return [
    check(open.length === 0, {
      id: "everybody",
      otherwise: "missing",
      yes: "No account has rights just by being there.",
      no: `Every account of this server has more than it was given, so none can be lent: ${open
        .slice(0, 3)
        .map((one) => one.sentence)
        .join("; ")}.`,
      statements: [...new Set(open.map((one) => one.statement))],
    }),
    check(anonymous.length === 0, {
      id: "anonymous",
      otherwise: "missing",
      yes: "There is no account without a name.",
      no: "There are accounts without a name: from a nearer host, they take the logins of others.",
      statements: anonymous.map((host) => sql`DROP USER ${account("", host)};`),
    }),
    check(strange.length === 0, {
      id: "unmarked",
      otherwise: "warning",
      yes: "No account looks like one of ours without being one.",
      no: `Accounts named like ours but without a mark are never touched: ${strange
        .slice(0, 5)
        .map((one) => one.name)
        .join(", ")}.`,
    }),
  ];
}

async function anonymousHosts(session: Session): Promise<string[]> {
  try {
    const rows = await session.rows(
      z.strictObject({ host: z.string() }),
      "SELECT CAST(Host AS CHAR) AS host FROM mysql.user WHERE User = '' ORDER BY 1",
    );
    return rows.map((row) => row.host);
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}
