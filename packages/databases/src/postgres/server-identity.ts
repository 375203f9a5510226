import { z } from "zod";
import type { Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { sqlState } from "./failure.ts";

/** The identifier that initdb gave the cluster: it lasts through restarts and failovers, and a physical copy has it too. */
export async function serverIdentity(target: Target): Promise<string | null> {
  const identifier = await asAdministrator(target, target.maintenanceDatabase, systemIdentifier);
  return identifier === null ? null : `postgres:${identifier}`;
}

/** Outside a transaction: a refusal would end it. */
export async function systemIdentifier(session: Session): Promise<string | null> {
  try {
    const [row] = await session.rows(
      identityRow,
      "SELECT system_identifier::text AS identity FROM pg_control_system()",
    );
    return row?.identity ?? null;
  } catch (error) {
    // Where the provider keeps it to itself there is only the address.
    if (unreadable.has(sqlState(error) ?? "")) return null;
    throw error;
  }
}

const identityRow = z.strictObject({ identity: z.string().regex(/^[0-9]{1,20}$/) });
/** insufficient_privilege, undefined_function, feature_not_supported. */
const unreadable: ReadonlySet<string> = new Set(["42501", "42883", "0A000"]);
