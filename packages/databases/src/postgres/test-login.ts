import { z } from "zod";
import { EngineError, type Login, type Server } from "../engine.ts";
import { asAccount } from "./connection.ts";

/** Logs in and asks who it is and who answers. Needs no administrator. */
export async function testLogin(
  server: Server,
  login: Login,
  database: string,
): Promise<{ username: string; serverVersion: string; latencyMs: number }> {
  const began = performance.now();
  const [found] = await asAccount(server, login, database, (session) =>
    session.rows(
      z.strictObject({ username: z.string(), serverVersion: z.string() }),
      `SELECT session_user::text AS username, 'PostgreSQL ' || current_setting('server_version') AS "serverVersion"`,
    ),
  );
  if (!found) throw new EngineError("other", `${server.host}:${server.port} did not say who is logged in`);
  return { ...found, latencyMs: performance.now() - began };
}
