/** A session with a server that may be kept for a later call. `isUsable` is false once it broke. */
export type Kept = { isUsable(): boolean; close(): Promise<void> };

/** The administrator's sessions with one server, for as long as one turn works with it: whoever makes them closes them,
 * and gives them to the engine with the target. Without them each call of an engine opens a session of its own. */
export type Sessions = {
  /** Runs `use` on the session of this key that nobody uses, or on a new one. What it threw on is never used again:
   * nobody knows in which role or transaction it was left. Each engine keeps one type of session under its keys. */
  borrow<Session extends Kept, Result>(
    key: string,
    open: () => Promise<Session>,
    use: (session: Session) => Promise<Result>,
  ): Promise<Result>;
  /** Before somebody else opens one more with this server: the turn stays within `sessionsAtOnce`. */
  makeRoom(): Promise<void>;
  /** Ends all; whoever comes later gets a session for the one call. */
  close(): Promise<void>;
};

/** One on the server as a whole, and one in the database that is being worked on. */
export const sessionsAtOnce = 2;

export function keepSessions(): Sessions {
  const idle: { key: string; session: Kept }[] = [];
  let busy = 0;
  let isClosed = false;

  async function makeRoom(): Promise<void> {
    while (idle.length > 0 && busy + idle.length >= sessionsAtOnce) await idle.shift()?.session.close();
  }

  /** One that is counted as busy from here on. */
  async function take<Session extends Kept>(key: string, open: () => Promise<Session>): Promise<Session> {
    const index = idle.findIndex((one) => one.key === key);
    const [found] = index === -1 ? [] : idle.splice(index, 1);
    if (found?.session.isUsable()) {
      busy += 1;
      return found.session as Session;
    }
    await found?.session.close();
    await makeRoom();
    busy += 1;
    try {
      return await open();
    } catch (error) {
      busy -= 1;
      throw error;
    }
  }

  return {
    makeRoom,
    async borrow(key, open, use) {
      const session = await take(key, open);
      let isClean = false;
      try {
        const result = await use(session);
        isClean = true;
        return result;
      } finally {
        busy -= 1;
        if (isClean && !isClosed) idle.push({ key, session });
        else await session.close();
      }
    },
    async close() {
      isClosed = true;
      await Promise.all(idle.splice(0).map(({ session }) => session.close()));
    },
  };
}
