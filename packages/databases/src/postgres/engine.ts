import type { Engine } from "../engine.ts";
import { withPastedStatements } from "../pasted-engine.ts";
import { isAbsent } from "./absence.ts";
import { connectionRoom } from "./connection-room.ts";
import { listDatabases } from "./databases.ts";
import { denyLogin } from "./deny.ts";
import { listAccounts } from "./list-accounts.ts";
import { pastedSql } from "./pasted-sql.ts";
import { preflight } from "./preflight.ts";
import { provision } from "./provision.ts";
import { revoke } from "./revoke.ts";
import { readSchema } from "./schema.ts";
import { serverIdentity } from "./server-identity.ts";
import { setExpiry } from "./set-expiry.ts";
import { verifyLogin } from "./verify-login.ts";

/** Temporary accounts in PostgreSQL 15 and later, with an administrator who is not a superuser. */
export const postgres: Engine = withPastedStatements(
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
