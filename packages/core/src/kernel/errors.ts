export type ErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "limited"
  | "unavailable";

/** Something a caller may be told. `code` is stable and namespaced ("request.already-decided");
 * `message` is a sentence for people and never carries a secret; `details` are public facts. */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "DomainError";
    this.kind = kind;
    this.code = code;
    this.details = options.details ?? {};
  }
}

export function invalid(code: string, message: string, details?: Record<string, unknown>): DomainError {
  return new DomainError("invalid", code, message, details ? { details } : {});
}

/** The one answer for what does not exist and for what the caller may not know to exist. */
export function notFound(what: string): DomainError {
  return new DomainError("not-found", "not-found", `There is no such ${what}, or you may not see it.`);
}

export function conflict(code: string, message: string, details?: Record<string, unknown>): DomainError {
  return new DomainError("conflict", code, message, details ? { details } : {});
}

export function forbidden(code: string, message: string, details?: Record<string, unknown>): DomainError {
  return new DomainError("forbidden", code, message, details ? { details } : {});
}
