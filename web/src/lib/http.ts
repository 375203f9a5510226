import { observeServerTime } from "./clock.ts";
import { Problem } from "./problem.ts";

export type Query = Record<string, string | number | boolean | undefined>;

let csrfToken: string | null = null;

/** Every change made with the session's cookie carries this token; it comes with `GET /api/me`. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

export function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return send<T>("GET", urlWith(path, query), undefined, signal ? { signal } : {});
}

export function change<T>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  return send<T>(method, path, body, {
    headers: { ...headers, ...(csrfToken === null ? {} : { "X-Daypass-Csrf": csrfToken }) },
  });
}

/** Path and query string; fields without a value are left out. */
export function urlWith(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

/** A file of the API with its headers. */
export async function readFile(path: string, query: Query): Promise<{ blob: Blob; headers: Headers }> {
  const response = await answered("GET", urlWith(path, query), undefined, {});
  return { blob: await response.blob(), headers: response.headers };
}

async function send<T>(method: string, url: string, body: unknown, options: RequestInit): Promise<T> {
  const response = await answered(method, url, body, options);
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  return answer as T;
}

/** The answer if it is a good one. Throws `Problem`. */
async function answered(method: string, url: string, body: unknown, options: RequestInit): Promise<Response> {
  const response = await fetch(url, {
    ...options,
    method,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(options.headers as Record<string, string> | undefined),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, {}, null);
  });
  observeServerTime(response.headers.get("Date"));
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => null);
  throw new Problem(
    response.status,
    typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {},
    response.headers.get("X-Request-Id"),
  );
}
