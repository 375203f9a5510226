import { request } from "node:http";

export type RawAnswer = { status: number; location: string; cookies: string[]; text: string };

/** One request exactly as given: `fetch` would tidy up the path and set the host itself. */
export function rawRequest(
  url: string,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body = "",
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const sent = {
    host,
    ...(body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const call = request({ host: hostname, port, method, path: target, headers: sent }, (answer) => {
    let text = "";
    answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
    answer.on("end", () => {
      const { location = "", "set-cookie": cookies = [] } = answer.headers;
      resolve({ status: answer.statusCode ?? 0, location, cookies, text });
    });
  });
  call.on("error", reject);
  call.end(body);
  return promise;
}
