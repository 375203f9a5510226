import { expect, test } from "vitest";
import { apiAnswerOf } from "./api-answer.ts";

test("status, headers, cookies and body come through", () => {
  const answer = apiAnswerOf(
    JSON.stringify({
      statusCode: 201,
      headers: { "X-Request-Id": "r1" },
      cookies: ["a=1", "b=2"],
      body: "done",
    }),
  );
  expect(answer).toEqual({
    status: 201,
    headers: [
      ["x-request-id", "r1"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ],
    body: Buffer.from("done"),
  });
});

test("a base64 body is decoded", () => {
  const bytes = Buffer.from([0, 159, 146, 150]);
  const payload = JSON.stringify({ statusCode: 200, body: bytes.toString("base64"), isBase64Encoded: true });
  expect(apiAnswerOf(payload)?.body).toEqual(bytes);
});

test("headers of the connection are the front door's", () => {
  const payload = JSON.stringify({
    statusCode: 200,
    headers: { "Content-Length": "999", connection: "close" },
  });
  expect(apiAnswerOf(payload)?.headers).toEqual([]);
});

test("a value without a status is the JSON of a 200", () => {
  expect(apiAnswerOf('{"ok":true}')).toMatchObject({ status: 200, body: Buffer.from('{"ok":true}') });
});

test.each([{ statusCode: 99 }, { statusCode: "ok" }, { statusCode: 200, body: 5 }])(
  "%j is no answer",
  (value) => {
    expect(apiAnswerOf(JSON.stringify(value))).toBeUndefined();
  },
);
