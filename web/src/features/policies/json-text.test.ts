import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "./json-text.ts";

describe("readJson", () => {
  it("reads whatever JSON.stringify writes, as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 2), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent);
        expect(readJson(written)).toMatchObject({ ok: true, value: JSON.parse(written) });
      }),
    );
  });

  it("refuses what JSON.parse refuses", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        const reading = readJson(text);
        if (!parses) expect(reading.ok).toBe(false);
        else expect(reading.ok || reading.mistake.key === "duplicate").toBe(true);
      }),
    );
  });

  it("knows the line of each value by its path", () => {
    const reading = readJson('{\n  "for": {\n    "hours": null },\n  "approval": [\n    {"count": 2}]}');
    expect(reading.ok && [...reading.lines]).toEqual([
      ["", 1],
      ["for", 2],
      ["for.hours", 3],
      ["approval", 4],
      ["approval.0", 5],
      ["approval.0.count", 5],
    ]);
  });

  it("says where a mistake is, and that a name was given twice", () => {
    expect(readJson('{\n  "name": }')).toEqual({
      ok: false,
      mistake: { line: 2, column: 11, key: "syntax" },
    });
    expect(readJson('{"a": 1,\n"a": 2}')).toEqual({
      ok: false,
      mistake: { line: 2, column: 1, key: "duplicate", name: "a" },
    });
    expect(readJson('{"a":')).toMatchObject({ mistake: { key: "end" } });
  });

  it("keeps a name such as __proto__ as a plain field", () => {
    const reading = readJson('{"__proto__": {"x": 1}}');
    expect(reading.ok && Object.keys(reading.value as object)).toEqual(["__proto__"]);
  });
});
