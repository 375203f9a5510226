import { isAccountName } from "../account-name.ts";
import type { FoundAccount, Target } from "../engine.ts";
import { type Account, findAccounts, findCandidates } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { markOf } from "./dialect.ts";
import { errorNumber } from "./failure.ts";
import { countByUser } from "./look.ts";
import { anyHost } from "./names.ts";
import { type Entry, endedEntries, listEntries } from "./register.ts";
import { compareGrants, type Grant, showGrants } from "./show-grants.ts";
import { sightOf } from "./sight.ts";

/** The accounts that carry this stack's mark, by name; one on several hosts is one account. */
export async function listAccounts(target: Target): Promise<FoundAccount[]> {
  return asAdministrator(target, async (session) => {
    const entries = new Map((await listEntries(session, target.stack)).map((entry) => [entry.name, entry]));
    const sight = await sightOf(session, target.administrator.username);
    const sessions = await countByUser(session, sight);
    const ours = new Map<string, { of: string; accounts: Account[] }>();
    const candidates = await findCandidates(session);
    for (const one of candidates) {
      const of = ownerOf(session, target.stack, one, entries);
      if (of === undefined) continue;
      // One that somebody added for another host has no mark, and opens the same door.
      ours.set(one.name, { of, accounts: candidates.filter(({ name }) => name === one.name) });
    }
    const found: FoundAccount[] = [];
    for (const [name, { of, accounts }] of ours) {
      const entry = entries.get(of);
      found.push({
        name,
        grantId: entry?.grantId ?? null,
        serverId: entry?.id ?? 0,
        validUntilMs: entry?.endsAtMs ?? null,
        canLogin: accounts.some((one) => !one.locked),
        // Not seen is not none.
        sessions: sessions === undefined ? 1 : (sessions.get(name) ?? 0),
        memberships: [],
        extraRights: await extraRights(session, accounts, entry),
        ...(of === name ? {} : { renamedFrom: of }),
      });
    }
    for (const entry of await endedEntries(session, target.stack, [...(sessions?.keys() ?? [])])) {
      if (!ours.has(entry.name)) found.push(onlySessions(entry, sessions?.get(entry.name) ?? 0));
    }
    return found;
  });
}

/** An account that is gone, or that its server dropped by itself, and still has sessions. */
function onlySessions({ name, grantId, id, endsAtMs }: Entry, sessions: number): FoundAccount {
  return {
    name,
    grantId,
    serverId: id,
    validUntilMs: endsAtMs,
    canLogin: false,
    sessions,
    memberships: [],
    extraRights: [],
  };
}

/** The name under which an account of this stack was made; undefined when it is not ours. */
function ownerOf(
  session: Session,
  stack: string,
  { name, mark }: Account,
  entries: ReadonlyMap<string, Entry>,
): string | undefined {
  if (isAccountName(name) && mark === markOf(session.dialect, stack, name)) return name;
  return [...entries.keys()].find((of) => mark === markOf(session.dialect, stack, of));
}

async function extraRights(
  session: Session,
  accounts: readonly Account[],
  entry: Entry | undefined,
): Promise<string[]> {
  const sentences: string[] = entry === undefined ? ["is not in the register of this server"] : [];
  for (const one of accounts) {
    if (one.host !== anyHost) sentences.push(`may come from host ${one.host} by another password`);
    // What is locked was denied and has lost its rights, or has none to use yet.
    const { extra } = compareGrants(await heldBy(session, one), entry?.rights ?? [], session.dialect);
    sentences.push(...extra.map((text) => `was given ${text}`));
  }
  if (sentences.length <= mostSentences) return sentences;
  return [...sentences.slice(0, mostSentences), `and ${sentences.length - mostSentences} more of that kind`];
}

/** Rights are given by table: one account that is not in the register can have thousands. */
const mostSentences = 50;

/** An account that somebody dropped since it was listed holds nothing; that it is gone is looked up, not concluded. */
async function heldBy(session: Session, account: Account): Promise<Grant[]> {
  try {
    return await showGrants(session, account);
  } catch (error) {
    const isUnknown = errorNumber(error) === 1141;
    if (!isUnknown || (await isThere(session, account))) throw error;
    return [];
  }
}

async function isThere(session: Session, { name, host }: Account): Promise<boolean> {
  return (await findAccounts(session, name)).some((one) => one.host === host);
}
