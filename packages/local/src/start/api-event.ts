import type { IncomingHttpHeaders } from "node:http";

/** What the front door knows of a request. */
export type ApiRequest = {
  id: string;
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  sourceIp: string;
  receivedAtMs: number;
};

/** The event of an API Gateway HTTP API, payload format 2.0, as far as a function can see it. */
export type ApiEvent = ReturnType<typeof apiEventOf>;

/** Writes a request as the event that API Gateway would give to the function behind `$default`. */
export function apiEventOf(request: ApiRequest) {
  const { id, method, headers, body, sourceIp, receivedAtMs } = request;
  const [rawPath, rawQueryString] = split(request.target, "?");
  const host = headers.host ?? "127.0.0.1";
  const path = decodePath(rawPath);
  const queryStringParameters = joined(new URLSearchParams(rawQueryString));
  const asText = isText(headers["content-type"]);
  return {
    version: "2.0" as const,
    routeKey: "$default",
    rawPath: path,
    rawQueryString,
    ...(headers.cookie === undefined ? {} : { cookies: headers.cookie.split(/; */) }),
    headers: headersOf(headers, sourceIp),
    ...(rawQueryString === "" ? {} : { queryStringParameters }),
    requestContext: {
      accountId: "anonymous",
      apiId: "local",
      domainName: host.replace(/:\d+$/, ""),
      domainPrefix: "local",
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: id,
      routeKey: "$default",
      stage: "$default",
      time: commonLogTime(receivedAtMs),
      timeEpoch: receivedAtMs,
    },
    ...(body.length === 0 ? {} : { body: body.toString(asText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !asText,
  };
}

/** Cookies travel in a list of their own; a header that was sent twice is joined by commas. */
function headersOf(headers: IncomingHttpHeaders, sourceIp: string): Record<string, string> {
  const { cookie: _cookie, connection: _connection, ...rest } = headers;
  const named = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : value] as const],
  );
  return {
    ...Object.fromEntries(named),
    // What the client claims about earlier stations stays in front, ours is last, as at API Gateway.
    "x-forwarded-for": [headers["x-forwarded-for"], sourceIp].filter(Boolean).join(", "),
    "x-forwarded-proto": "http",
    "x-forwarded-port": headers.host?.split(":")[1] ?? "80",
  };
}

/** Everything else, forms included, arrives in base64. */
function isText(contentType = ""): boolean {
  return /^(text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript)\b)/i.test(contentType);
}

function joined(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(",")]));
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** 12/Mar/2026:19:03:58 +0000 */
function commonLogTime(epochMs: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
