import { expect, test } from "vitest";
import { localPath } from "./return-path.ts";

test.for(["/", "/inbox", "/requests/req_1?tab=timeline#last", "/a//b", "/%2F%2Fevil.example"])(
  "a path of our own page is kept: %s",
  (path) => expect(localPath(path)).toBe(path),
);

test.for([
  undefined,
  "",
  "inbox",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/inbox\\..\\x",
  "/\t/evil.example",
  "/\n/evil.example",
  " /inbox",
  "/in box",
  "/\u2028",
  "https://evil.example/",
  "javascript:alert(1)",
  `/${"x".repeat(1000)}`,
])("anything else leads to the start: %j", (path) => expect(localPath(path)).toBe("/"));
