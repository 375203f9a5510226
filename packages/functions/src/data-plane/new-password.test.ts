import { expect, test } from "vitest";
import { newPassword } from "./new-password.ts";

test("passwords have at least 128 bits, need no quoting and differ", () => {
  const passwords = Array.from({ length: 1000 }, newPassword);
  for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(32 * Math.log2(62)).toBeGreaterThan(128);
  expect(new Set(passwords).size).toBe(1000);
});
