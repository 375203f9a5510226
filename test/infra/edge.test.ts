import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import { expect, inject, test } from "vitest";
import { functionsIn, ofType } from "./render/policies.ts";

type Headers = Record<string, { value: string }>;
type Request = { uri: string; headers: Headers };

/** Runs a CloudFront function on what a viewer sends. */
function atTheEdge(name: string, uri: string, headers: Record<string, string> = {}): Request {
  const found = ofType(inject("production"), "aws:cloudfront/function:Function").find(
    (one) => one.name === name,
  );
  const code = String(found?.inputs["code"]);
  const handler = runInNewContext(`${code}; handler`) as (event: object) => Request;
  const sent = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, { value }]));
  return handler({ viewer: { ip: "198.51.100.7" }, request: { uri, headers: sent } });
}

test.each(["ApiRequest", "StreamRequest"])("%s says who asks, whatever the viewer claims", (name) => {
  const { headers } = atTheEdge(name, "/api/me", {
    "x-daypass-viewer-address": "203.0.113.1",
    "x-daypass-authorization": "Bearer forged",
    cookie: "a=b",
  });
  expect(headers["x-daypass-viewer-address"]).toEqual({ value: "198.51.100.7" });
  expect(headers["cookie"]).toEqual({ value: "a=b" });
  if (name === "StreamRequest") expect(headers["x-daypass-authorization"]).toBeUndefined();
});

test("the token of a viewer survives the signature of CloudFront", () => {
  const { headers } = atTheEdge("StreamRequest", "/api/audit/export", { authorization: "Bearer dpt_x" });
  expect(headers["x-daypass-authorization"]).toEqual({ value: "Bearer dpt_x" });
});

test.each([
  ["/", "/index.html"],
  ["/requests/req_01", "/index.html"],
  ["/a.b/c", "/index.html"],
  ["/assets/index-1.js", "/assets/index-1.js"],
  ["/favicon.svg", "/favicon.svg"],
])("%s of the page is answered by %s", (uri, file) => {
  expect(atTheEdge("PageRequest", uri).uri).toBe(file);
});

test("the functions behind CloudFront know the digest of what it shows, and not the value", () => {
  const rendered = inject("production");
  const [distribution] = ofType(rendered, "aws:cloudfront/distribution:Distribution");
  const origins = distribution?.inputs["origins"] as { customHeaders?: { value: string }[] }[];
  const [value = ""] = origins.flatMap(({ customHeaders = [] }) =>
    customHeaders.map((header) => header.value),
  );
  const digest = createHash("sha256").update(value).digest("hex");
  const behind = functionsIn(rendered).filter(({ part }) => ["api", "api-stream"].includes(part));
  expect(behind.map(({ variables }) => variables["DAYPASS_ORIGIN_SECRET_SHA256"])).toEqual([digest, digest]);
});
