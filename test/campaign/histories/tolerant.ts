import { DomainError } from "@daypass/core/kernel/errors.ts";

/** A refusal or a conflict is an answer, so is what the table says on a bad day, and a turn that could not put right what
 * it was late with fails its call, which is made again; anything else is a fault of ours. */
export async function tolerant(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof DomainError) && !(error instanceof Error && isOfABadDay(error))) throw error;
  }
}

function isOfABadDay(error: Error): boolean {
  const names = [
    "EngineError",
    "ElectroError",
    "ThrottlingException",
    "InternalServerError",
    "TransactionCanceledException",
  ];
  return names.includes(error.name) || "isElectroError" in error;
}
