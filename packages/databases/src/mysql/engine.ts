import type { Engine } from "../engine.ts";
import { withPastedStatements } from "../pasted-engine.ts";
import { isAbsent } from "./absence.ts";
import { connectionRoom } from "./connection-room.ts";
import { listDatabases } from "./databases.ts";
import { denyLogin } from "./deny.ts";
import { serverIdentity } from "./install-register.ts";
import { listAccounts } from "./list-accounts.ts";
import { pastedSql } from "./pasted-sql.ts";
import { preflight } from "./preflight.ts";
import { provision } from "./provision.ts";
import { revoke } from "./revoke.ts";
import { readSchema } from "./schema.ts";
import { setExpiry } from "./set-expiry.ts";
import { verifyLogin } from "./verify-login.ts";

/** Temporary accounts in MySQL 8 and MariaDB 10.6 and later, with an administrator who has neither SUPER nor FILE. */
export const mysql: Engine = withPastedStatements(
  {
    serverIdentity,
    preflight,
    connectionRoom,
    listDatabases,
    readSchema,
    provision,
    verifyLogin,
    setExpiry,
    revoke,
    isAbsent,
    listAccounts,
    denyLogin,
  },
  pastedSql,
);
