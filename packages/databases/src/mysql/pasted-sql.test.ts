import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsUnseen } from "../unseen.ts";
import { pastedSql } from "./pasted-sql.ts";
import { account, identifier } from "./quote.ts";

test("a statement stays as it is, or becomes a comment of one line that nothing hides in", () => {
  const name = fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes("\0") && text.isWellFormed());
  fc.assert(
    fc.property(name, name, (one, two) => {
      const statement = `GRANT SELECT ON ${identifier(one)}.* TO ${account(two, "%")};`;
      const pasted = pastedSql(statement);
      expect(holdsUnseen(pasted)).toBe(false);
      if (holdsUnseen(statement)) expect(pasted.startsWith("-- ")).toBe(true);
      else expect(pasted).toBe(statement);
    }),
  );
});

test("line breaks of our own stay", () => {
  expect(pastedSql("SELECT 1\nUNION ALL SELECT 2;")).toBe("SELECT 1\nUNION ALL SELECT 2;");
  expect(pastedSql("DROP VIEW `a\nb`;")).toMatch(/^-- .*DROP VIEW `a\\u\{a\}b`;$/);
});
