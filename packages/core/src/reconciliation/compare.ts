import type { FoundAccount } from "../grant/account-engine.port.ts";
import { accountName, type Grant, grantIdOfAccount, isLive, needsArming } from "../grant/grant.ts";
import { isSamePlace, type Place } from "../grant/place.ts";
import { epochMs, type Instant, instantOf } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import { isId } from "../kernel/ids.ts";
import type { Difference } from "./reconciliation.view.ts";

/** A difference before anything was done about it. */
export type Finding = Pick<Difference, "kind" | "account" | "message"> & {
  grantId: Id<"grant"> | null;
  /** As the ledger has it, where it does. */
  grant?: Grant;
  found?: FoundAccount;
  /** Of one that is missing: the instance points to another server than the one that made it. */
  isElsewhere?: boolean;
};

export type Compared = {
  instanceId: Id<"instance">;
  /** The server that was looked at. */
  place: Place;
  accounts: readonly FoundAccount[];
  /** Grants that were live before the accounts were listed. */
  live: readonly Grant[];
  /** Every grant that a marker names, read after the accounts were listed: none is there before its grant. */
  ledger: ReadonlyMap<Id<"grant">, Grant>;
  now: Instant;
};

/** Where the accounts on a server and the ledger differ; says nothing about what is on its way. */
export function compare(given: Compared): Finding[] {
  return [...given.accounts.flatMap((found) => ofAccount(given, found)), ...missing(given)];
}

/** As its marker says, or its name where the marker is that of the name. */
export function namedGrant({ name, grantId }: FoundAccount): Id<"grant"> | undefined {
  if (grantId === null) return grantIdOfAccount(name);
  return isId("grant", grantId) ? grantId : undefined;
}

function ofAccount(given: Compared, found: FoundAccount): Finding[] {
  const { name: account } = found;
  const grantId = namedGrant(found);
  const of = (kind: Finding["kind"], message: string, grant?: Grant): Finding[] => [
    {
      kind,
      account,
      grantId: grantId ?? null,
      message,
      found,
      ...(grant ? { grant } : {}),
    },
  ];
  if (found.renamedFrom !== undefined) {
    return of(
      "renamed",
      `It was made as ${found.renamedFrom} and renamed by hand. It is left alone until it has its name again.`,
    );
  }
  if (grantId === undefined || accountName(grantId) !== account) {
    return of(
      "marker-mismatch",
      `Its marker names the grant ${String(found.grantId).slice(0, 64)}, which is not the one of this name.`,
    );
  }
  const grant = given.ledger.get(grantId);
  if (!grant) return of("unknown", "It is ours by name and marker, but the ledger has no such grant.");
  if (grant.account !== account) {
    return of("marker-mismatch", `The grant of its marker has the account ${grant.account}.`, grant);
  }
  const isMadeHere = grant.server ? isSamePlace(grant.server, given.place) : undefined;
  if (grant.database.instance.id !== given.instanceId)
    return ofOtherInstance(grant, given.place, isMadeHere, of);
  if (!isLive(grant)) {
    return of("not-dropped", `The ledger has it as ${grant.state}, but it is there.`, grant);
  }
  if (isMadeHere === false) {
    return of(
      "marker-mismatch",
      "Its grant is on record as made on another server; this may be a copy of it.",
      grant,
    );
  }
  return isRunning(grant, given.now) ? ofRunning(grant, found, of) : [];
}

type Saying = (kind: Finding["kind"], message: string, grant?: Grant) => Finding[];

/** Two instances may be registered for one server, and a copy of one for another: only the latter is to be taken back. */
function ofOtherInstance(grant: Grant, place: Place, isMadeHere: boolean | undefined, of: Saying): Finding[] {
  const { name } = grant.database.instance;
  if (isMadeHere === true) return [];
  if (isMadeHere === undefined || grant.server?.identity === null || place.identity === null) {
    return of(
      "marker-mismatch",
      `It belongs to a grant on ${name}, and which server made it is not known.`,
      grant,
    );
  }
  return of(
    "unknown",
    `It belongs to a grant on ${name}, which was made on another server: a copy of it.`,
    grant,
  );
}

function ofRunning(
  grant: Grant,
  { canLogin, extraRights, validUntilMs }: FoundAccount,
  of: Saying,
): Finding[] {
  const findings: Finding[] = [];
  if (!canLogin) {
    findings.push(
      ...of("denied", "Its access lasts, but it may not log in. End the grant and ask again.", grant),
    );
  }
  if (extraRights.length > 0) {
    findings.push(
      ...of("extra-right", `It ${extraRights.slice(0, 10).join("; it ")}.`.slice(0, 1000), grant),
    );
  }
  const expiry = expiryText(grant, validUntilMs);
  if (expiry) findings.push(...of("wrong-expiry", expiry, grant));
  return findings;
}

/** While an extension is on its way to the server, either end is right. */
function expiryText(grant: Grant, validUntilMs: number | null): string | undefined {
  const ends = [grant.databaseEndsAt, grant.endsAt].flatMap((at) => (at === undefined ? [] : [epochMs(at)]));
  const [earliest, latest] = [Math.min(...ends), Math.max(...ends)];
  if (validUntilMs === null) {
    // Where the database does nothing at the end by itself there is nothing to compare.
    return grant.deadManSwitch === "none"
      ? undefined
      : `The server does not refuse its logins after ${instantOf(latest)}.`;
  }
  if (validUntilMs > latest + toleranceMs) {
    return `The server lets it in until ${instantOf(validUntilMs)}, ${needsArming(grant) ? "and no extension says so" : `its access ends at ${instantOf(latest)}`}.`;
  }
  return validUntilMs < earliest - toleranceMs
    ? `The server refuses it from ${instantOf(validUntilMs)}, its access lasts until ${instantOf(earliest)}.`
    : undefined;
}
const toleranceMs = 1000;

function missing({ accounts, live, place, now }: Compared): Finding[] {
  const names = new Set(accounts.flatMap(({ name, renamedFrom }) => [name, renamedFrom ?? name]));
  return live.flatMap((grant): Finding[] => {
    if (!isRunning(grant, now)) return [];
    const isElsewhere = grant.server !== undefined && !isSamePlace(grant.server, place);
    if (names.has(grant.account) && !isElsewhere) return [];
    const message = isElsewhere
      ? `Its access lasts, but the instance points to another server than ${grant.server?.host}:${grant.server?.port}.`
      : "Its access lasts, but the account is not there.";
    return [{ kind: "missing", account: grant.account, grantId: grant.id, message, grant, isElsewhere }];
  });
}

function isRunning({ state, endsAt }: Grant, now: Instant): boolean {
  return state === "active" && endsAt !== undefined && now < endsAt;
}
