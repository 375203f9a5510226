import { isStack } from "./account-name.ts";
import { EngineError, type Target } from "./engine.ts";
import type { Kept } from "./sessions.ts";

/** How an engine opens one kind of session, and how it says what went wrong on the way to it or in it. */
export type Door<Session> = {
  open: () => Promise<Kept & { session: Session }>;
  explain: (error: unknown) => EngineError;
};

/** Works in a session that is closed afterwards. */
export function inOneSession<Session, Result>(
  { open, explain }: Door<Session>,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  return explaining(explain, async () => {
    const connection = await open();
    try {
      return await use(connection.session);
    } finally {
      await connection.close();
    }
  });
}

/** Works in a session of the administrator: one that the target keeps under this key, or one for this call alone. */
export function inAdministratorSession<Session, Result>(
  target: Target,
  key: string,
  door: Door<Session>,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const { sessions, stack } = target;
  if (!isStack(stack)) {
    throw new EngineError("invalid", "the stack id must be 1 to 20 lower-case letters, digits or hyphens");
  }
  if (sessions === undefined) return inOneSession(door, use);
  return explaining(door.explain, () => sessions.borrow(key, door.open, ({ session }) => use(session)));
}

async function explaining<Result>(
  explain: (error: unknown) => EngineError,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explain(error);
  }
}
