import { z } from "zod";
import { EngineError, type Login, type Server } from "../engine.ts";
import { asAccount } from "./connection.ts";
import { nameOf } from "./dialect.ts";

/** Logs in and asks who it is and who answers. Needs no administrator. */
export async function testLogin(
  server: Server,
  login: Login,
  database: string,
): Promise<{ username: string; serverVersion: string; latencyMs: number }> {
  const began = performance.now();
  const found = await asAccount(server, login, database, async (session) => {
    const [row] = await session.rows(
      z.strictObject({ username: z.string() }),
      "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS username",
    );
    return row && { ...row, serverVersion: `${nameOf(session.dialect)} ${session.dialect.version}` };
  });
  if (!found) throw new EngineError("other", `${server.host}:${server.port} did not say who is logged in`);
  return { ...found, latencyMs: performance.now() - began };
}
