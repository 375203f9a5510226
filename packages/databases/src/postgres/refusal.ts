import type { EngineError } from "../engine.ts";
import { toEngineError } from "./failure.ts";

/** What a server has against a step, so that the other steps go on; a server that is away is for the caller. */
export function refusal(error: unknown, doing: string): EngineError {
  const failure = toEngineError(error, doing);
  if (failure.kind === "unreachable" || failure.kind === "authentication") throw failure;
  return failure;
}

/** What went wrong in another session, or in another database: a finding, which keeps nothing else from being done. */
export async function refusalThere(
  doing: string,
  work: () => Promise<unknown>,
): Promise<EngineError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return toEngineError(error, doing);
  }
}

export async function refusalOf(
  doing: string,
  work: () => Promise<unknown>,
): Promise<EngineError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return refusal(error, doing);
  }
}
