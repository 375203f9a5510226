import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { compress } from "./compression.ts";

const text = Buffer.from("daypass ".repeat(500));

test("brotli is taken where it is accepted", async () => {
  const done = await compress(text, "text/html", "gzip, deflate, br");
  expect(done?.encoding).toBe("br");
  expect(brotliDecompressSync(done?.body ?? Buffer.alloc(0))).toEqual(text);
});

test("gzip is taken by who refuses brotli", async () => {
  const done = await compress(text, "application/problem+json", "br;q=0, gzip");
  expect(done?.encoding).toBe("gzip");
  expect(gunzipSync(done?.body ?? Buffer.alloc(0))).toEqual(text);
});

test.each([
  ["a short body", Buffer.from("short"), "text/html", "br"],
  ["an image", text, "image/png", "br"],
  ["who accepts nothing", text, "text/html", undefined],
])("%s goes out as it is", async (_, body, type, accepted) => {
  expect(await compress(body, type, accepted)).toBeUndefined();
});
