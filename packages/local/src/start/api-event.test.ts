import { expect, test } from "vitest";
import { type ApiRequest, apiEventOf } from "./api-event.ts";

const request: ApiRequest = {
  id: "req-1",
  method: "GET",
  target: "/api/databases",
  headers: { host: "127.0.0.1:4400", "user-agent": "test" },
  body: Buffer.alloc(0),
  sourceIp: "127.0.0.1",
  receivedAtMs: Date.UTC(2026, 2, 12, 19, 3, 58),
};

test("a request without body, query and cookies has none of their fields", () => {
  const event = apiEventOf(request);
  expect(event).toMatchObject({
    version: "2.0",
    rawPath: "/api/databases",
    rawQueryString: "",
    isBase64Encoded: false,
    requestContext: {
      http: { method: "GET", path: "/api/databases", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: "req-1",
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: request.receivedAtMs,
    },
  });
  for (const absent of ["body", "cookies", "queryStringParameters"]) expect(event).not.toHaveProperty(absent);
});

test("cookies are a list and no header", () => {
  const event = apiEventOf({ ...request, headers: { ...request.headers, cookie: "a=1; b=2" } });
  expect(event.cookies).toEqual(["a=1", "b=2"]);
  expect(event.headers).not.toHaveProperty("cookie");
});

test("the query is kept as sent, and decoded beside it with repetitions joined", () => {
  const event = apiEventOf({ ...request, target: "/api/audit?q=a%20b&actor=1&actor=2" });
  expect(event.rawQueryString).toBe("q=a%20b&actor=1&actor=2");
  expect(event.queryStringParameters).toEqual({ q: "a b", actor: "1,2" });
});

test.each(["application/json", "application/problem+json; charset=utf-8", "text/csv"])(
  "%s arrives as text",
  (type) => {
    const body = Buffer.from('{"reason":"größer"}');
    const event = apiEventOf({ ...request, headers: { "content-type": type }, body });
    expect(event).toMatchObject({ body: '{"reason":"größer"}', isBase64Encoded: false });
  },
);

test.each(["application/octet-stream", "application/x-www-form-urlencoded", undefined])(
  "%s arrives in base64",
  (type) => {
    const body = Buffer.from([0, 255, 1]);
    const event = apiEventOf({ ...request, headers: { "content-type": type }, body });
    expect(event).toMatchObject({ body: body.toString("base64"), isBase64Encoded: true });
  },
);

test("the address the connection came from is last in x-forwarded-for, behind what the client claims", () => {
  const event = apiEventOf({ ...request, headers: { "x-forwarded-for": "192.0.2.1" } });
  expect(event.headers["x-forwarded-for"]).toBe("192.0.2.1, 127.0.0.1");
});
