import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsUnseen } from "../unseen.ts";
import { pastedSql, psqlConnect, psqlInDatabase } from "./pasted-sql.ts";
import { identifier, literal } from "./quote.ts";

const name = fc
  .string({ unit: "binary", minLength: 1, maxLength: 20 })
  .filter((text) => !text.includes("\0") && text.isWellFormed());

test("nothing that is pasted holds what a terminal acts on or nobody sees, but line breaks between statements", () => {
  fc.assert(
    fc.property(name, (text) => {
      const drop = pastedSql(`DROP TABLE ${identifier(text)};`);
      const comment = pastedSql(`COMMENT ON ROLE r IS ${literal(text)};`);
      for (const one of [drop, comment, psqlConnect(text)]) expect(holdsUnseen(one), one).toBe(false);
      expect(drop.startsWith("DROP TABLE ")).toBe(true);
      const block = psqlInDatabase(text, [`DROP TABLE ${identifier(text)};`]);
      expect(block.split("\n")).toHaveLength(7);
    }),
  );
});

test("a plain name stays as everybody writes it", () => {
  expect(psqlConnect("shop")).toBe("\\connect shop \\\\");
  expect(pastedSql('DROP OWNED BY "dp_x";')).toBe('DROP OWNED BY "dp_x";');
  expect(pastedSql("DROP TABLE \"größe 'x'\";\nSELECT 1;")).toBe("DROP TABLE \"größe 'x'\";\nSELECT 1;");
});

test("names are escaped in their own quotes, beside strings that hold quotes", () => {
  expect(pastedSql(`COMMENT ON TABLE "a""\tb" IS 'it''s "\n"';`)).toBe(
    `COMMENT ON TABLE U&"a""\\+000009b" IS E'it''s "\\U0000000a"';`,
  );
  expect(pastedSql(`COMMENT ON TABLE "a\\\u202e" IS ${literal("\\\n'")};`)).toBe(
    `COMMENT ON TABLE U&"a\\\\\\+00202e" IS E'\\\\\\U0000000a''';`,
  );
});

test("what nobody sees outside of quotes makes a comment of the statement", () => {
  expect(pastedSql("DROP TABLE a\u202eb;")).toMatch(/^-- .*DROP TABLE a\\u\{202e\}b;$/);
});
