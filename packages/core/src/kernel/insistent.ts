import type { z } from "zod";
import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";
import type { Operation } from "./operation.ts";

const attempts = 8;

/** Repeats what others got in the way of, each time with what is on record then. Whatever else goes wrong, or still goes
 * wrong at the last attempt, is told; an attempt that failed has written nothing. */
export async function againOnConflict<T>(
  { clock, log }: Pick<Context, "clock" | "log">,
  codes: readonly string[],
  act: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act(attempt);
    } catch (error) {
      const isInTheWay = error instanceof DomainError && codes.includes(error.code);
      if (!isInTheWay || attempt === attempts) throw error;
      log.info("somebody else was quicker; once more", { attempt, code: error.code });
      await clock.sleep(20 * attempt);
    }
  }
}

/** A security action does not give way to whoever happens to move the same thing: it looks again and goes on. */
export function insistent<C extends Context, Schema extends z.ZodType, Result>(
  once: Operation<C, Schema, Result>,
  codes: readonly string[],
  when: (input: z.input<Schema>) => boolean = () => true,
): Operation<C, Schema, Result> {
  const run = (ctx: C, raw: z.input<Schema>): Promise<Result> =>
    when(raw) ? againOnConflict(ctx, codes, () => once(ctx, raw)) : once(ctx, raw);
  return Object.assign(run, { operation: once.operation, input: once.input });
}
