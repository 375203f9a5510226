import type { AccountOnServer, DatabaseServer, OpenSession } from "./database/database-server.ts";

/** What was seen from outside, in milliseconds of the machine's clock. Undefined: never. */
export type Testimony = {
  /** The last login that was let in, and the first that was refused after one had been. */
  lastLogin: number | undefined;
  firstRefusal: number | undefined;
  lastSession: number | undefined;
  /** When the account was found absent and stayed so. */
  absentSince: number | undefined;
  /** The ledger said revoked while the account was there. */
  saidTooEarly: boolean;
  /** How often the server could be asked. */
  looks: number;
};

export type Witness = {
  testimony(): Testimony;
  /** Forgets what the ledger says from now on: it was right when it was said. */
  forgive(): void;
  stop(): Promise<Testimony>;
};

type Watched = {
  account: AccountOnServer;
  passwords: readonly string[];
  saysRevoked: () => Promise<boolean>;
  now: () => number;
};

/** Tries to log in as the account and looks at the server, again and again, with none of the code that is on trial. */
export function watch(server: DatabaseServer, { account, passwords, saysRevoked, now }: Watched): Witness {
  const seen: Testimony = {
    lastLogin: undefined,
    firstRefusal: undefined,
    lastSession: undefined,
    absentSince: undefined,
    saidTooEarly: false,
    looks: 0,
  };
  let isWatching = true;
  let isForgiven = false;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 40));

  const tryLogins = async () => {
    while (isWatching) {
      let [triedAt, refused] = [now(), 0];
      for (const password of passwords) {
        triedAt = now();
        const answer = await server.login(account.name, password).catch(() => "no answer" as const);
        if (answer === "refused") refused += 1;
        else if (answer !== "no answer") {
          seen.lastLogin = triedAt;
          seen.firstRefusal = undefined;
          refused = Number.NEGATIVE_INFINITY;
          await answer.close().catch(() => undefined);
        }
      }
      // A password that the account has replaced is refused as well: only all of them say that nobody is let in.
      if (refused === passwords.length) seen.firstRefusal ??= triedAt;
      await pause();
    }
  };
  const look = async () => {
    while (isWatching) {
      // A ledger that cannot be asked says nothing.
      const said = await saysRevoked().catch(() => false);
      const facts = await factsOf(server, account);
      if (facts) {
        seen.looks += 1;
        if (facts.sessions > 0) seen.lastSession = now();
        if (facts.isThere) seen.absentSince = undefined;
        else seen.absentSince ??= now();
        if (said && facts.isThere && !isForgiven) seen.saidTooEarly = true;
      }
      await pause();
    }
  };
  const watching = Promise.all([tryLogins(), look()]);
  return {
    testimony: () => ({ ...seen }),
    forgive() {
      isForgiven = true;
    },
    async stop() {
      isWatching = false;
      await watching;
      return { ...seen };
    },
  };
}

/** Undefined while the server cannot be asked. */
async function factsOf(server: DatabaseServer, account: AccountOnServer) {
  try {
    return { isThere: await server.hasAccount(account), sessions: await server.countSessions(account) };
  } catch {
    // It is away or full: that is the fault of this cell, and it is asked again.
    return undefined;
  }
}

/** Sessions of the account that do nothing but stay. */
export async function openSessions(
  server: DatabaseServer,
  name: string,
  password: string,
  count: number,
): Promise<OpenSession[]> {
  return Promise.all(Array.from({ length: count }, () => loggedIn(server, name, password)));
}

/** Where a login has to work. */
export async function loggedIn(
  server: DatabaseServer,
  name: string,
  password: string,
  database?: string,
): Promise<OpenSession> {
  const session = await server.login(name, password, database);
  if (session === "refused") throw new Error(`${name} was refused`);
  return session;
}
