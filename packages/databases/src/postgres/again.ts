import { setTimeout as sleep } from "node:timers/promises";
import { isCollision } from "./failure.ts";

/** Runs `work` again when it collided with another writer of the same catalog rows; at most five times. */
export async function again<Result>(
  work: () => Promise<Result>,
  attempts = 5,
  isWorthIt = isCollision,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isWorthIt(error)) throw error;
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}
