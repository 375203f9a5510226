import type { ConfigFile, Io } from "./io.ts";

type Answer = { status?: number; body: unknown; headers?: Record<string, string> } | Error;
export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  init: RequestInit;
};

/** A world for tests: what is asked of the network is answered by `answer`; time passes only by sleeping. */
export function worldOf(
  answer: (asked: Asked) => Answer,
  more: Partial<Pick<Io, "env" | "isTerminal" | "askSecret">> & { files?: Record<string, ConfigFile> } = {},
) {
  const asked: Asked[] = [];
  const printed = { out: "", err: "" };
  let nowMs = 0;
  const io: Io = {
    env: { HOME: "/home/priya", DAYPASS_URL: "https://daypass.example.com", DAYPASS_TOKEN: token },
    isTerminal: false,
    ...more,
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    readConfig: async (path) => more.files?.[path],
    fetch: async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const one = {
        method: init.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
        init,
      };
      asked.push(one);
      const given = answer(one);
      if (given instanceof Error) throw given;
      const text = typeof given.body === "string" ? given.body : JSON.stringify(given.body);
      return new Response(text, { status: given.status ?? 200, headers: given.headers ?? {} });
    },
    nowMs: () => nowMs,
    sleep: async (milliseconds) => void (nowMs += milliseconds),
    signal: new AbortController().signal,
  };
  return { io, asked, printed };
}

export const token = `dpt_01JD8Z5K3QW8R4T6Y2X9V7B1CN_${"x".repeat(43)}`;
