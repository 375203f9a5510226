import type { User } from "../identity/user.ts";
import { policyUser } from "../identity/user.ts";
import { epochMs, type Instant } from "../kernel/clock.ts";
import { conflict } from "../kernel/errors.ts";
import { denialNames } from "../policy/denial-names.ts";
import type { AskTarget } from "./ask-target.ts";
import type { AccessRequest } from "./request.ts";

/** The terms of a request are those of the day it was filed, but a denial wins whenever it was written: a freeze
 * holds for what waits as well. Without its database no denial can be looked up, so nothing is approved either.
 * @throws DomainError conflict `request.database-withdrawn`, `request.denied-meanwhile`. */
export function refuseDeniedMeanwhile(
  target: AskTarget | undefined,
  request: AccessRequest,
  requester: User,
  now: Instant,
): void {
  if (!target) {
    throw conflict(
      "request.database-withdrawn",
      "The database was withdrawn after this was asked for, so it cannot be approved; reject the request.",
    );
  }
  const names = denialNames(target.policies, {
    user: policyUser(requester),
    target: target.policyTarget,
    level: request.level,
    durationMinutes: request.durationMinutes,
    at: epochMs(now),
    kind: request.kind === "access" ? "request" : request.kind,
  });
  if (names.length === 0) return;
  throw conflict("request.denied-meanwhile", `This is denied by now: ${names.join(", ")}.`, {
    policies: names,
  });
}
