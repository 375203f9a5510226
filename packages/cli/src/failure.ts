/** Ends the command with a sentence about what to do: exit code 2, "could not check". */
export class Failure extends Error {
  /** What to do about it, where the message does not say. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.hint = hint;
  }
}

export const exitCodes = { same: 0, differs: 1, unchecked: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
