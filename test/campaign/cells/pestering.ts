import type { OpenSession } from "../database/database-server.ts";
import type { Stage } from "../live-through.ts";

/** So many clients that log in, work, and come again at once when they are thrown out, until they are stopped. */
export function pestering({ server, account, password }: Stage, clients: number): () => Promise<void> {
  let isOn = true;
  const pester = async () => {
    while (isOn) {
      const session = await server.login(account.name, password).catch(() => "refused" as const);
      if (session === "refused") {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      await work(session).catch(() => undefined);
      await session.close().catch(() => undefined);
    }
  };
  const work = async (session: OpenSession) => {
    while (isOn && session.isOpen()) await session.run("SELECT 1");
  };
  const all = Promise.all(Array.from({ length: clients }, pester));
  return async () => {
    isOn = false;
    await all;
  };
}
