import { describe, expect, test } from "vitest";
import { isMailAddress, letter, oneLine, quoted } from "./mail.ts";

describe("a mail", () => {
  test.each(["a\r\nBcc: b@example.com", "a\nb", "a\u2028b", "a\u0000b", "a\u202eb"])(
    "a subject has one line, whatever is in %j",
    (subject) => {
      expect(letter(subject, [], "https://x.test").subject).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
    },
  );

  test("a long subject is cut", () => {
    expect(oneLine("x".repeat(500))).toHaveLength(200);
  });

  test("what people wrote is set apart line by line", () => {
    expect(quoted("one\r\nhttps://evil.test\n\u2028Daypass")).toBe(
      "> one\n> https://evil.test\n> \n> Daypass",
    );
  });

  test("the address to follow is the last thing but the name", () => {
    expect(letter("s", ["one", "two"], "https://x.test/requests/1").text).toBe(
      "one\n\ntwo\n\nhttps://x.test/requests/1\n\nDaypass\n",
    );
  });

  test.each(["erin.vale@example.com", "a+b@mail.example.co.jp"])("%s is an address", (text) => {
    expect(isMailAddress(text)).toBe(true);
  });

  test.each([
    "",
    "erin",
    "a@b",
    "a@example.com, b@example.com",
    "a@example.com\nBcc: b@example.com",
    "Erin <a@example.com>",
    "a b@example.com",
    '"x"@example.com',
  ])("%j is none", (text) => {
    expect(isMailAddress(text)).toBe(false);
  });
});
