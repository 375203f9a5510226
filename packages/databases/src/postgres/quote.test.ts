import fc from "fast-check";
import { expect, test } from "vitest";
import { identifier, instant, integer, list, literal } from "./quote.ts";

test("an identifier never ends its own quotes", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((text) => !text.includes("\0")),
      (text) => {
        const quoted = identifier(text);
        expect(quoted.slice(1, -1).replaceAll('""', "")).not.toContain('"');
        expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(text);
      },
    ),
  );
});

test("a literal never ends its own quotes, and escapes backslashes whatever the server's setting", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("\0")),
      (text) => {
        const quoted = literal(text);
        expect(quoted.startsWith("E'")).toBe(text.includes("\\"));
        const inside = quoted.slice(quoted.indexOf("'") + 1, -1);
        expect(inside.replaceAll("''", "")).not.toContain("'");
        expect(inside.replaceAll("''", "'").replaceAll("\\\\", "\\")).toBe(text);
      },
    ),
  );
});

test("what has no SQL form is refused", () => {
  expect(() => identifier("")).toThrow(TypeError);
  expect(() => identifier("a\0b")).toThrow(TypeError);
  expect(() => literal("a\0b")).toThrow(TypeError);
  expect(() => list([])).toThrow(TypeError);
  for (const value of [Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
    expect(() => integer(value)).toThrow(TypeError);
    expect(() => instant(value)).toThrow(TypeError);
  }
});

test("an instant is written in UTC to the millisecond", () => {
  expect(instant(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe("'2026-01-02 03:04:05.006+00'");
});
