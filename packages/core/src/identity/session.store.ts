import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError } from "../kernel/errors.ts";
import { deleting, entity, key, putting, updating, type Write } from "../kernel/table.ts";
import { type Session, secondsOf } from "./session.ts";

type Reads = Pick<Context, "table">;

const sessions = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "session", version: "1", service: "daypass" },
        attributes: {
          idHash: { type: "string", required: true },
          touchedAt: { type: "string", required: true },
          session: { type: "any", required: true },
          expiresAtSeconds: { type: "number", required: true },
        },
        indexes: { byHash: { pk: key("pk", ["idHash"]), sk: key("sk", []) } },
      },
      options,
    ),
);

export async function findSession(ctx: Reads, idHash: string): Promise<Session | undefined> {
  const { data } = await sessions(ctx).get({ idHash }).go({ consistent: true });
  return data ? { ...(data.session as Session), touchedAt: data.touchedAt as Instant } : undefined;
}

export function openingSession(ctx: Reads, session: Session): Write {
  const { idHash, touchedAt, endsAt } = session;
  const row = { idHash, touchedAt, session, expiresAtSeconds: secondsOf(endsAt) };
  return putting(sessions(ctx).create(row).params(), () =>
    conflict("session.exists", "This session exists already."),
  );
}

/** Fails as ended when the session is gone, and with `session.touched` when another request was quicker. */
export function touchingSession(ctx: Reads, session: Session, now: Instant): Write {
  const before: string = session.touchedAt;
  const params = sessions(ctx)
    .patch({ idHash: session.idHash })
    .set({ touchedAt: now })
    .where(({ touchedAt }, { eq }) => eq(touchedAt, before))
    .params();
  return updating(params, (found) =>
    found ? conflict("session.touched", "This session was used meanwhile.") : sessionEnded(),
  );
}

export function endingSession(ctx: Reads, idHash: string): Write {
  return deleting(sessions(ctx).remove({ idHash }).params(), sessionEnded);
}

export function sessionEnded(): DomainError {
  return new DomainError("unauthenticated", "session.ended", "Your session has ended; sign in again.");
}
