import { expect, test } from "vitest";
import { type Kept, keepSessions, sessionsAtOnce } from "./sessions.ts";

type Opened = Kept & { number: number; break(): void };

/** Opens sessions that count how many of them are open at the same time. */
function opener() {
  const seen = { opened: 0, open: 0, most: 0 };
  const open = async (): Promise<Opened> => {
    seen.opened += 1;
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    const number = seen.opened;
    let isBroken = false;
    return {
      number,
      isUsable: () => !isBroken,
      break: () => {
        isBroken = true;
      },
      close: async () => {
        seen.open -= 1;
      },
    };
  };
  return { seen, open };
}

test("a session is used again for the same database, and closed at the end", async () => {
  const sessions = keepSessions();
  const { seen, open } = opener();
  for (const database of ["shop", "shop", "postgres", "shop", "postgres"]) {
    await sessions.borrow(database, open, async () => undefined);
  }
  expect(seen.opened).toBe(2);
  await sessions.close();
  expect(seen.open).toBe(0);
});

test("what was thrown on is never used again, and neither is what broke", async () => {
  const sessions = keepSessions();
  const { seen, open } = opener();
  const failing = sessions.borrow("shop", open, () => Promise.reject(new Error("in the middle")));
  await expect(failing).rejects.toThrow("in the middle");
  expect(seen.open).toBe(0);
  expect(await sessions.borrow("shop", open, async ({ number }) => number)).toBe(2);
  await sessions.borrow("shop", open, async (session) => session.break());
  expect(await sessions.borrow("shop", open, async ({ number }) => number)).toBe(3);
  expect(seen.open).toBe(1);
  await sessions.close();
});

test("one inside another, over many databases, never needs more than two at once", async () => {
  const sessions = keepSessions();
  const { seen, open } = opener();
  await sessions.borrow("postgres", open, async () => {
    for (const database of ["shop", "payroll", "words", "shop"]) {
      await sessions.borrow(database, open, async () => undefined);
    }
  });
  await sessions.makeRoom();
  expect(seen.open).toBe(sessionsAtOnce - 1);
  expect(seen.most).toBe(sessionsAtOnce);
  await sessions.close();
  expect(seen.open).toBe(0);
});

test("a session that cannot be opened takes no place", async () => {
  const sessions = keepSessions();
  const { seen, open } = opener();
  for (let again = 0; again < 3; again += 1) {
    const refused = sessions.borrow<Opened, void>(
      "shop",
      () => Promise.reject(new Error("refused")),
      async () => undefined,
    );
    await expect(refused).rejects.toThrow("refused");
  }
  await sessions.borrow("shop", open, async () => undefined);
  await sessions.borrow("shop", open, async () => undefined);
  expect(seen.opened).toBe(1);
  await sessions.close();
});

test("after the end nothing is kept: what was in use is closed when it comes back", async () => {
  const sessions = keepSessions();
  const { seen, open } = opener();
  await sessions.borrow("shop", open, () => sessions.close());
  expect(seen.open).toBe(0);
  await sessions.borrow("shop", open, async () => undefined);
  expect(seen).toMatchObject({ opened: 2, open: 0 });
});
