import { DomainError, type ErrorKind } from "@daypass/core/kernel/errors.ts";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";

/** RFC 9457, section 3.1, with what makes a problem findable (`code`, `requestId`) and what each code adds. */
export const problemView = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    /** Stable and namespaced, such as "request.already-decided". */
    code: z.string(),
    /** One English sentence. */
    detail: z.string(),
    requestId: z.string(),
    issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.output<typeof problemView>;

const statusOf: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  limited: 429,
  unavailable: 503,
};

/** What is wrong with a request before it means anything: its method, size or form. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "HttpProblem";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Any error as the answer that a caller may see; what was not made to be shown tells the request's id and no more. */
export function problemResponse(error: unknown, requestId: string): Response {
  const { headers, ...problem } = problemOf(error);
  const title = titles[problem.status] ?? "Error";
  // The members of RFC 9457 come last: no detail can stand in for them.
  const body = { ...problem.details, type: "about:blank", title, status: problem.status, code: problem.code };
  return Response.json(
    { ...body, detail: problem.detail, requestId },
    {
      status: problem.status,
      headers: { ...headers, "content-type": "application/problem+json" },
    },
  );
}

/** Whether the error is ours to be told of, not the caller's. */
export function isFault(error: unknown): boolean {
  return !(error instanceof DomainError || error instanceof HttpProblem || error instanceof HTTPException);
}

type Parts = {
  status: number;
  code: string;
  detail: string;
  details: Record<string, unknown>;
  headers: Record<string, string>;
};

function problemOf(error: unknown): Parts {
  if (error instanceof DomainError) {
    const { kind, code, message: detail } = error;
    return { status: statusOf[kind], code, detail, details: detailsOf(error), headers: headersOf(error) };
  }
  if (error instanceof HttpProblem) {
    const { status, code, message: detail, headers } = error;
    return { status, code, detail, details: {}, headers: { ...headers } };
  }
  if (error instanceof HTTPException && error.status < 500) {
    const isType = error.status === 415;
    return {
      status: error.status,
      code: isType ? "http.media-type" : "http.malformed",
      detail: isType ? "The body must be application/json." : "The body is not valid JSON.",
      details: {},
      headers: {},
    };
  }
  const detail = "Something went wrong on our side; tell an administrator the request id.";
  return { status: 500, code: "internal", detail, details: {}, headers: {} };
}

/** `status` is the answer's own in RFC 9457; the state of the thing goes by `state`. */
function detailsOf({ details: { status, ...details } }: DomainError): Record<string, unknown> {
  return status === undefined ? details : { ...details, state: status };
}

function headersOf({ kind, details }: DomainError): Record<string, string> {
  if (kind === "unauthenticated") return { "www-authenticate": 'Bearer realm="daypass"' };
  const seconds = details["retryAfterSeconds"];
  if (kind === "limited" && typeof seconds === "number") return { "retry-after": String(seconds) };
  return kind === "unavailable" ? { "retry-after": "2" } : {};
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
