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

async function send<T>(method: string, url: string, body: unknown, options: RequestInit): Promise<T> {
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
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return answer as T;
  throw new Problem(
    response.status,
    typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {},
    response.headers.get("X-Request-Id"),
  );
}
