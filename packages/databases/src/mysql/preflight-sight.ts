import type { PreflightCheck, Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { grantPreparedSights } from "./install.ts";
import { check } from "./preflight-check.ts";
import { preparedTransactions } from "./prepared.ts";
import { sightOf } from "./sight.ts";

/** Whether the server shows whose a session is, and what was prepared and left. */
export async function sightChecks(session: Session, target: Target): Promise<PreflightCheck[]> {
  const administrator = target.administrator.username;
  const sight = await sightOf(session, administrator);
  const prepared = await preparedTransactions(session);
  const because = sight.kind === "true" ? "" : sight.because;
  return [
    check(sight.kind === "true", {
      id: "see-sessions",
      otherwise: sight.kind === "none" ? "missing" : "warning",
      yes: "The server shows whose a session is, whatever it does just now.",
      no:
        sight.kind === "none"
          ? `The server does not show whose a session is, so none can be proven to have ended: ${because}.`
          : `A session in code of another definer hides whose it is until that statement ends, and "revoked" waits for it: ${because}.`,
      statements: sight.kind === "true" ? [] : [...sight.remedy],
    }),
    check(prepared !== undefined, {
      id: "prepared-transactions",
      otherwise: "missing",
      yes: "The administrator sees transactions that were prepared (XA) and not finished.",
      no: "The administrator does not see transactions that were prepared (XA): what an account leaves behind could be committed after its end.",
      statements: grantPreparedSights(administrator),
    }),
  ];
}
