import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { type Closed, closeAccount } from "./close-account.ts";
import { asAdministrator } from "./connection.ts";
import { describeHolder, holderRemedy } from "./lock-holders.ts";
import { proveToClose } from "./prove-to-close.ts";

/** The quarantine step alone: no rights through groups, no session, no login. An absent account needs none. */
export async function denyLogin(target: Target, account: AccountRef): Promise<{ sessionsEnded: number }> {
  return asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const role = await proveToClose(session, target, account);
    if (role === undefined) return { sessionsEnded: 0 };
    const closed = await closeAccount(session, target, account, role);
    if (closed.isDenied && closed.isEmpty && closed.failures.length === 0)
      return { sessionsEnded: closed.sessionsEnded };
    throw notClosed(account, closed);
  });
}

function notClosed(account: AccountRef, { isDenied, kept, holders, failures }: Closed): EngineError {
  const what = isDenied
    ? `sessions or transactions of ${account.name} could not be ended`
    : `${account.name} could not be denied login`;
  const because = [...holders.map(describeHolder), ...failures.map((one) => one.message)];
  const kind = failures.some((one) => one.kind === "permission") ? "permission" : "conflict";
  return new EngineError(kind, [what, ...new Set(because)].join("; "), {
    remedy: [...kept, ...holders.flatMap(holderRemedy), ...failures.flatMap((one) => one.remedy)],
  });
}
