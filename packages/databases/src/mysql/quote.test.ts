import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "./names.ts";
import { account, databasePattern, fill, hexadecimal, identifier, integer, list, literal } from "./quote.ts";

const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));

test("an identifier never ends its own quotes", () => {
  fc.assert(
    fc.property(
      text.filter((value) => value !== ""),
      (value) => {
        const inside = identifier(value).slice(1, -1);
        expect(inside.replaceAll("``", "")).not.toContain("`");
        expect(inside.replaceAll("``", "`")).toBe(value);
      },
    ),
  );
});

/** Reads a string constant as the server does, with and without backslashes that escape; undefined past its end. */
function read(constant: string, hasEscapes: boolean): string | undefined {
  let value = "";
  for (let place = 1; place < constant.length; place += 1) {
    const character = constant[place] ?? "";
    if (character === "\\" && hasEscapes) value += constant[(place += 1)] ?? "";
    else if (character !== "'") value += character;
    else if (constant[place + 1] === "'") value += constant[(place += 1)] ?? "";
    else return place === constant.length - 1 ? value : undefined;
  }
  return undefined;
}

test("a literal is its value, and ends where it should under NO_BACKSLASH_ESCAPES too", () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(read(literal(value), true)).toBe(value);
      expect(read(literal(value), false)).toBeDefined();
    }),
  );
  expect(account("a'b", "%")).toBe("'a''b'@'%'");
});

test("the pattern of a database is that database and no other", () => {
  expect(databasePattern("shop_a", false)).toBe("`shop\\_a`");
  expect(databasePattern("shop_a", true)).toBe("`shop_a`");
  const name = fc.string({
    unit: fc.constantFrom("a", "b", "_", "%", "\\", "`", "."),
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(name, name, (database, other) => {
      const pattern = databasePattern(database, false).slice(1, -1).replaceAll("``", "`");
      expect(matchesPattern(pattern, other)).toBe(database === other);
    }),
  );
});

test("a pattern with wild characters is every database that it means", () => {
  expect(matchesPattern("test\\_%", "test_x")).toBe(true);
  expect(matchesPattern("test\\_%", "testXx")).toBe(false);
  expect(matchesPattern("shop_a", "shopXa")).toBe(true);
  expect(matchesPattern("%", "anything")).toBe(true);
  expect(matchesPattern("a.c", "abc")).toBe(false);
});

test("what has no SQL form is refused", () => {
  expect(() => identifier("")).toThrow(TypeError);
  expect(() => identifier("a\0b")).toThrow(TypeError);
  expect(() => literal("a\0b")).toThrow(TypeError);
  expect(() => list([])).toThrow(TypeError);
  expect(() => hexadecimal(new Uint8Array())).toThrow(TypeError);
  for (const value of [Number.NaN, 1.5, Number.POSITIVE_INFINITY])
    expect(() => integer(value)).toThrow(TypeError);
});

test("values fill the places of a text, and places only", () => {
  expect(fill("a = ? AND b > ?", ["it's ? \\", -7])).toBe("a = 'it''s ? \\\\' AND b > -7");
  expect(fill(`'?''?\\'?' "?" \`?\`\`?\` ?`, ["$&"])).toBe(`'?''?\\'?' "?" \`?\`\`?\` '$&'`);
  expect(fill("LIKE 'dp\\_%' AND x = ?", [""])).toBe("LIKE 'dp\\_%' AND x = ''");
  fc.assert(fc.property(text, (value) => fill("?", [value]) === literal(value)));
  expect(() => fill("?", [])).toThrow(TypeError);
  expect(() => fill("'?'", ["a"])).toThrow(TypeError);
  expect(() => fill("?", ["a\0b"])).toThrow(TypeError);
  expect(() => fill("?", [1.5])).toThrow(TypeError);
});
