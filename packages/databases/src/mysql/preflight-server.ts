import { z } from "zod";
import type { PreflightCheck } from "../engine.ts";
import type { Session } from "./connection.ts";
import { check } from "./preflight-check.ts";

/** What the server is set up to take from an account and to let it reach. */
export async function serverChecks(session: Session): Promise<PreflightCheck[]> {
  return [...(await validationChecks(session)), ...(await engineChecks(session))];
}

/** MariaDB can refuse passwords whose text it does not see. */
async function validationChecks(session: Session): Promise<PreflightCheck[]> {
  if (session.dialect.flavour !== "mariadb") return [];
  const [found] = await session.rows(
    z.strictObject({ plugins: z.number() }),
    `SELECT COUNT(*) AS plugins FROM information_schema.PLUGINS
     WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE' AND @@strict_password_validation = 1`,
  );
  return [
    check((found?.plugins ?? 0) === 0, {
      id: "password-validation",
      otherwise: "missing",
      yes: "The server takes hashes of passwords.",
      no: "A plugin of the server wants to see passwords in clear; ours are never sent so. They are random, of 190 bits.",
      statements: ["SET GLOBAL strict_password_validation = OFF;"],
    }),
  ];
}

/** Storage engines whose tables reach other servers: who may create tables may create these. */
async function engineChecks(session: Session): Promise<PreflightCheck[]> {
  const found = await session.rows(
    z.strictObject({ engine: z.string() }),
    `SELECT ENGINE AS engine FROM information_schema.ENGINES
     WHERE SUPPORT IN ('YES', 'DEFAULT') AND ENGINE IN ('FEDERATED', 'SPIDER', 'CONNECT', 'S3') ORDER BY 1`,
  );
  const [links] = await session.rows(
    z.strictObject({ Variable_name: z.string(), Value: z.string() }),
    "SHOW VARIABLES LIKE 'have_symlink'",
  );
  return [
    check(links?.Value !== "YES", {
      id: "data-directory",
      otherwise: "warning",
      yes: "No table can be put outside the server's own folder.",
      no: "At level ddl an account may be able to put tables outside the server's own folder; start the server with skip-symbolic-links.",
    }),
    check(found.length === 0, {
      id: "remote-tables",
      otherwise: "warning",
      yes: "No table of this server can reach another server.",
      no: `At level ddl an account can make tables that reach other servers (${found.map((one) => one.engine).join(", ")}).`,
    }),
  ];
}
