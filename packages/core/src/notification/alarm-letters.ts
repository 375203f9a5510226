import type { Grant } from "../grant/grant.ts";
import type { Instant } from "../kernel/clock.ts";
import { type Letter, letter, oneLine, quoted } from "./mail.ts";
import { requestLink } from "./request-letters.ts";
import { databaseText, momentText } from "./wording.ts";

/** For administrators: the guarantee is not kept, or somebody has meddled with an account. */
export function alarmLetter(
  origin: string,
  grant: Grant,
  { message, others }: { message: string; others: number },
): Letter {
  return letter(
    `Look at an account on ${grant.database.name}`,
    [
      `The account ${grant.account} of ${oneLine(grant.holder.name)} on ${databaseText(grant.database)} is not as it should be.`,
      `What was found:\n${quoted(message)}`,
      ...(others > 0 ? [`${others} more on ${oneLine(grant.database.instance.name)} are like it.`] : []),
      "We keep trying. Its page says what stands in the way and what to run.",
    ],
    requestLink(origin, grant.requestId),
  );
}

/** For administrators: something of ours is on a server that no grant knows. */
export function orphanLetter(
  origin: string,
  found: { instance: string; account: string; dropAfter: string; others: number },
): Letter {
  const instance = oneLine(found.instance);
  const others = found.others > 0 ? [`${found.others} more were found with it.`] : [];
  return letter(
    `An account on ${instance} that no grant knows`,
    [
      `The account ${oneLine(found.account)} on ${instance} carries our marker, but the ledger has no grant for it. It may come from a snapshot that was restored, or the table was set back.`,
      ...others,
      `It can no longer log in, and is dropped after ${momentText(found.dropAfter as Instant)}. Was the table set back? Restore the right one before that.`,
    ],
    `${origin}/settings/guarantee`,
  );
}

/** For administrators: one of them ended the search for an account. */
export function writtenOffLetter(origin: string, grant: Grant, by: string, reason: string | null): Letter {
  return letter(
    `An account on ${grant.database.name} was written off`,
    [
      `${oneLine(by)} ended the search for the account ${grant.account} of ${oneLine(grant.holder.name)} on ${databaseText(grant.database)}. Nobody saw it absent.`,
      ...(reason ? [`Their reason:\n${quoted(reason)}`] : []),
    ],
    requestLink(origin, grant.requestId),
  );
}
