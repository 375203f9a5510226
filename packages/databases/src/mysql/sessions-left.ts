import { EngineError } from "../engine.ts";
import type { Dialect } from "./dialect.ts";
import { grantKillRight } from "./install.ts";
import type { Seen } from "./look.ts";
import { integer, sql } from "./quote.ts";
import type { EndedSessions } from "./sessions.ts";

/** Why nobody can say that no session is left, and what a person may do; undefined when it was seen that none is. */
export function whySessionsMayBeLeft(
  dialect: Dialect,
  administrator: string,
  { left, doubtful, refused, sight }: EndedSessions,
): EngineError | undefined {
  if (refused) {
    return new EngineError("permission", `the server refused to end ${left} of its sessions`, {
      remedy: [grantKillRight(dialect, administrator)],
    });
  }
  if (sight.kind === "none") {
    return new EngineError("permission", `its sessions are not seen: ${sight.because}`, {
      remedy: sight.remedy,
    });
  }
  if (left > 0) {
    return new EngineError(
      "other",
      `${left} of its sessions were ended and go on: they roll back, or run a statement that does not notice its end`,
    );
  }
  if (doubtful.length === 0) return undefined;
  const because = sight.kind === "present" ? `; ${sight.because}, so the server does not tell` : "";
  return new EngineError(
    "other",
    `${doubtful.slice(0, 5).map(sentence).join(", ")} may be a session of the account${because}`,
    {
      remedy: [
        ...doubtful.slice(0, 5).map(({ id }) => sql`KILL ${integer(id)};`),
        ...(sight.kind === "present" ? sight.remedy : []),
      ],
    },
  );
}

function sentence({ id, name, what }: Seen): string {
  return what === "lent-name"
    ? `connection ${id}, which runs a statement in the name of ${name},`
    : `connection ${id}, which is still being authenticated,`;
}
