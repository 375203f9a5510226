/** A server did not let somebody in: by then it may say the same as when it refuses a statement. */
export class NoLogin extends Error {
  constructor(cause: unknown) {
    super("the login was refused", { cause });
    this.name = "NoLogin";
  }
}

/** The code of an error of a driver or of the operating system. */
export function codeOf(error: unknown): string | number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errno" in error && typeof error.errno === "number" && error.errno > 0) return error.errno;
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
