import { z } from "zod";
import { accountNamePattern } from "../account-name.ts";
import { type ConnectionRoom, EngineError, type Target } from "../engine.ts";
import { asAdministrator } from "./connection.ts";

/** What the server takes, and what it has lent already. One connection more than `max` is kept for administrators, so
 * none of these is reserved. An account without a limit may use all of it. */
export async function connectionRoom(target: Target, except = ""): Promise<ConnectionRoom> {
  return asAdministrator(target, async (session) => {
    const [server] = await session.rows(serverRow, "SELECT @@GLOBAL.max_connections AS max");
    if (server === undefined) {
      throw new EngineError("other", "the server did not say how many connections it takes");
    }
    const accounts = await session.rows(
      accountRow,
      "SELECT User AS name, CAST(max_user_connections AS SIGNED) AS connections FROM mysql.user WHERE User LIKE 'dp\\_%' AND User <> ?",
      [except],
    );
    const lent = accounts.filter(({ name }) => accountNamePattern.test(name));
    return {
      max: server.max,
      reserved: 0,
      lent: lent.reduce((sum, one) => sum + (one.connections > 0 ? one.connections : server.max), 0),
    };
  });
}

const serverRow = z.strictObject({ max: z.number() });
const accountRow = z.strictObject({ name: z.string(), connections: z.number() });
