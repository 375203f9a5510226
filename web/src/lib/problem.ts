/** What the API says went wrong (RFC 9457), or that it could not be reached at all (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  /** Stable name, such as "request.already-decided"; "network" when no answer came. */
  readonly code: string;
  readonly requestId: string | null;
  readonly issues: readonly { path: string; message: string }[];
  /** The whole answer: some codes carry more, such as who decided. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>, requestId: string | null) {
    super(typeof body["detail"] === "string" ? body["detail"] : "");
    this.name = "Problem";
    this.status = status;
    this.code = typeof body["code"] === "string" ? body["code"] : status === 0 ? "network" : `http.${status}`;
    this.requestId = typeof body["requestId"] === "string" ? body["requestId"] : requestId;
    this.issues = issuesOf(body["issues"]);
    this.details = body;
  }
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}

/** Whether asking again may help: no answer, an overloaded server, a fault. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof Problem) || error.status === 0 || error.status === 429 || error.status >= 500;
}

function issuesOf(value: unknown): { path: string; message: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== "object" || item === null) return [];
    const { path, message } = item as { path?: unknown; message?: unknown };
    return typeof message === "string"
      ? [{ path: Array.isArray(path) ? path.join(".") : typeof path === "string" ? path : "", message }]
      : [];
  });
}
