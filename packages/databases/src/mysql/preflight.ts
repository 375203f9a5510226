import type { Preflight, Target } from "../engine.ts";
import { asAdministrator } from "./connection.ts";
import { userDatabases } from "./databases.ts";
import { accountChecks } from "./preflight-accounts.ts";
import { connectionChecks } from "./preflight-connections.ts";
import { databaseChecks } from "./preflight-database.ts";
import { registerChecks } from "./preflight-register.ts";
import { rightsChecks } from "./preflight-rights.ts";
import { serverChecks } from "./preflight-server.ts";
import { sightChecks } from "./preflight-sight.ts";
import { showGrants } from "./show-grants.ts";

/** Looks at the server and changes nothing: what is ready, what is missing, and the statements that mend it. */
export async function preflight(target: Target): Promise<Preflight> {
  return asAdministrator(target, async (session) => {
    const { dialect } = session;
    const grants = await showGrants(session, "me");
    const checks = [
      ...(await rightsChecks(session, target, grants)),
      ...(await registerChecks(session, target, grants)),
      ...(await accountChecks(session, target)),
      ...(await sightChecks(session, target)),
      ...(await serverChecks(session)),
      ...(await connectionChecks(session, target, grants)),
    ];
    const databases = (await userDatabases(session)).map(({ name }) => name);
    checks.push(...(await databaseChecks(session, target.administrator.username, grants, databases)));
    return {
      version: dialect.version,
      majorVersion: dialect.major,
      ready: checks.every((check) => check.database !== null || check.status !== "missing"),
      checks,
    };
  });
}
