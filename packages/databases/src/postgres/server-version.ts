import { z } from "zod";
import { EngineError } from "../engine.ts";
import type { Session } from "./connection.ts";

/** 15, 16, 17, … ; below 15 it refuses, because everybody may create objects in `public` there. */
export async function majorVersion(session: Session): Promise<number> {
  const rows = await session.rows(
    z.strictObject({ version: z.number() }),
    "SELECT current_setting('server_version_num')::int / 10000 AS version",
  );
  const version = rows[0]?.version ?? 0;
  if (version < 15)
    throw new EngineError("invalid", `PostgreSQL ${version} is not supported; 15 or later is`);
  return version;
}
