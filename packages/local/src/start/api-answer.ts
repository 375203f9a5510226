import { z } from "zod";

export type ApiAnswer = { status: number; headers: [string, string][]; body: Buffer };

/**
 * Reads what the function returned as API Gateway does with payload format 2.0: an object with `statusCode` is an
 * answer, anything else is the JSON body of a 200. Undefined when the answer makes no sense.
 */
export function apiAnswerOf(payload: string): ApiAnswer | undefined {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    return { status: 200, headers: [["content-type", "application/json"]], body: Buffer.from(payload) };
  }
  const { data } = answer.safeParse(value);
  if (!data) return undefined;
  const headers = Object.entries(data.headers)
    .map(([name, text]): [string, string] => [name.toLowerCase(), String(text)])
    .filter(([name]) => !ownHeaders.has(name));
  return {
    status: data.statusCode,
    headers: [...headers, ...data.cookies.map((cookie): [string, string] => ["set-cookie", cookie])],
    body: Buffer.from(data.body, data.isBase64Encoded ? "base64" : "utf8"),
  };
}

const answer = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/** Belong to the connection, which is the front door's. */
const ownHeaders = new Set(["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"]);
