import type { Grant } from "../grant/grant.ts";
import { type Letter, letter, oneLine, quoted } from "./mail.ts";
import { requestLink } from "./request-letters.ts";
import { databaseText, momentText, rightsText } from "./wording.ts";

/** For the holder: it can be used. The credential itself is on the page and nowhere else. */
export function activeLetter(origin: string, grant: Grant): Letter {
  const until = grant.endsAt ? `, until ${momentText(grant.endsAt)}` : "";
  return letter(
    `Your access to ${grant.database.name} is ready`,
    [
      `You have ${rightsText(grant.level, grant.scope)} of ${databaseText(grant.database)}${until}.`,
      "Your credential, and a button for when you are done earlier, are on the page.",
    ],
    requestLink(origin, grant.requestId),
  );
}

/** For the holder: somebody else ended it. */
export function endedLetter(origin: string, grant: Grant, by: string, reason: string | null): Letter {
  return letter(
    `Your access to ${grant.database.name} was ended`,
    [
      `${oneLine(by)} ended your access to ${databaseText(grant.database)}. Open sessions are closed.`,
      ...(reason ? [`Their reason:\n${quoted(reason)}`] : []),
    ],
    requestLink(origin, grant.requestId),
  );
}

/** For the holder: the account is gone. */
export function revokedLetter(origin: string, grant: Grant): Letter {
  return letter(
    `Your access to ${grant.database.name} has ended`,
    [
      `Your access to ${databaseText(grant.database)} has reached its end, and the account ${grant.account} is gone.`,
      "If you need it again, you can ask from its page with everything filled in.",
    ],
    requestLink(origin, grant.requestId),
  );
}

/** For the holder: it was approved and does not come about. */
export function notProvidedLetter(origin: string, grant: Grant, isGivenUp: boolean): Letter {
  const where = databaseText(grant.database);
  const cause = grant.failure ? [`The cause:\n${quoted(grant.failure.message)}`] : [];
  const next = isGivenUp
    ? "We have stopped trying. Ask again once the cause is gone."
    : "We keep trying for half an hour. The page shows how it goes.";
  return letter(
    `Your access to ${grant.database.name} could not be provided`,
    [`The account for your approved access to ${where} could not be made.`, ...cause, next],
    requestLink(origin, grant.requestId),
  );
}

/** For administrators: an account is still there after its end. */
export function notRevokedLetter(origin: string, grant: Grant): Letter {
  const { failure } = grant;
  const state =
    grant.state === "quarantined"
      ? "It can no longer log in, but it cannot be dropped yet."
      : "Whether it can still log in is not known before the server answers.";
  const cause = failure ? [`The cause, after ${failure.attempts} attempts:\n${quoted(failure.message)}`] : [];
  const remedy = failure && failure.remedy.length > 0 ? ["What to run to put it right is on the page."] : [];
  return letter(
    `An account on ${grant.database.name} cannot be revoked`,
    [
      `The account ${grant.account} of ${oneLine(grant.holder.name)} on ${databaseText(grant.database)} should be gone. ${state}`,
      ...cause,
      ...remedy,
      "We keep trying until it is gone.",
    ],
    requestLink(origin, grant.requestId),
  );
}
