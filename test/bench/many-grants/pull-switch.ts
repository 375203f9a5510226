import { csrfTokenOf } from "@daypass/core/identity/session.ts";
import type { appOver } from "../installation.ts";

/** What the call answered, and after how long. */
export type Pulled = { ended: number; left: number; ms: number };

/** Pulls the kill switches of these instances at once, as the page does it. */
export function pullSwitches(
  app: ReturnType<typeof appOver>,
  { cookie, origin }: { cookie: string; origin: string },
  instanceIds: readonly string[],
): Promise<Pulled[]> {
  return Promise.all(
    instanceIds.map(async (id) => {
      const startedAt = performance.now();
      const path = `/api/instances/${id}/end-access`;
      const answer = await app.request(path, {
        method: "POST",
        headers: {
          cookie: `__Host-daypass=${cookie}`,
          origin,
          "x-daypass-csrf": csrfTokenOf(cookie),
          "content-type": "application/json",
        },
        body: JSON.stringify({ reason: "the server was broken into" }),
      });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
      return { ...(JSON.parse(text) as Omit<Pulled, "ms">), ms: performance.now() - startedAt };
    }),
  );
}
