import pg from "pg";

/** Counts what the driver of this process does while `work` runs. */
export async function countRoundTrips(
  work: () => Promise<unknown>,
): Promise<{ connections: number; statements: number }> {
  let connections = 0;
  let statements = 0;
  const restore = [counting("connect", () => (connections += 1)), counting("query", () => (statements += 1))];
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return { connections, statements };
}

function counting(method: "connect" | "query", count: () => void): () => void {
  const { prototype } = pg.Client;
  const before = Object.getOwnPropertyDescriptor(prototype, method);
  if (!before) throw new Error(`the driver has no ${method}`);
  const value: unknown = new Proxy(before.value, {
    apply(target, self, given) {
      count();
      return Reflect.apply(target, self, given);
    },
  });
  Object.defineProperty(prototype, method, { ...before, value });
  return () => Object.defineProperty(prototype, method, before);
}
