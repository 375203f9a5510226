import { expect, test } from "vitest";
import { isLoopback } from "./openid.ts";

test.for(["http://127.0.0.1:4400", "http://localhost:3000", "http://[::1]:8080", "http://127.9.9.9"])(
  "loopback needs no TLS: %s",
  (url) => expect(isLoopback(new URL(url))).toBe(true),
);

test.for([
  "http://127.0.0.1.evil.example",
  "http://localhost.evil.example",
  "http://10.0.0.1",
  "http://id.example.com",
])("everything else does: %s", (url) => expect(isLoopback(new URL(url))).toBe(false));
