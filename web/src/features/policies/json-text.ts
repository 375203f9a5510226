export type JsonMistake = {
  line: number;
  column: number;
  key: "syntax" | "duplicate" | "deep" | "end";
  name?: string;
};
export type JsonReading =
  | { ok: true; value: unknown; lines: ReadonlyMap<string, number> }
  | { ok: false; mistake: JsonMistake };

const deepest = 40;

/**
 * Reads JSON strictly and remembers on which line (from 1) each value stands, by its dotted path ("approval.0.count").
 * A name given twice is a mistake: readers of JSON do not agree on which one counts.
 */
export function readJson(text: string): JsonReading {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.whole(), lines: reader.lines };
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, mistake: error.where };
    throw error;
  }
}

class Mistake extends Error {
  readonly where: JsonMistake;

  constructor(where: JsonMistake) {
    super(where.key);
    this.where = where;
  }
}

class Reader {
  readonly lines = new Map<string, number>();
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  whole(): unknown {
    const value = this.value("", 0);
    this.space();
    if (this.at < this.text.length) this.fail();
    return value;
  }

  private value(path: string, depth: number): unknown {
    this.space();
    if (depth > deepest) this.fail("deep");
    this.lines.set(path, this.line());
    const sign = this.text[this.at];
    if (sign === "{") return this.object(path, depth);
    if (sign === "[") return this.array(path, depth);
    return this.scalar();
  }

  private object(path: string, depth: number): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    this.list("}", () => {
      this.space();
      const start = this.at;
      if (this.text[start] !== '"') this.fail();
      const name = this.scalar() as string;
      if (entries.has(name)) this.fail("duplicate", name, start);
      this.expect(":");
      entries.set(name, this.value(path === "" ? name : `${path}.${name}`, depth + 1));
    });
    return Object.fromEntries(entries);
  }

  private array(path: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.list("]", () =>
      items.push(this.value(`${path === "" ? "" : `${path}.`}${items.length}`, depth + 1)),
    );
    return items;
  }

  private list(end: "}" | "]", item: () => void): void {
    this.at += 1;
    this.space();
    if (this.text[this.at] === end) {
      this.at += 1;
      return;
    }
    do item();
    while (this.taken(","));
    this.expect(end);
  }

  private scalar(): unknown {
    const token =
      /(?:"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)/y;
    token.lastIndex = this.at;
    const match = token.exec(this.text);
    if (match === null) return this.fail();
    try {
      const value: unknown = JSON.parse(match[0]);
      this.at = token.lastIndex;
      return value;
    } catch {
      // A control character that is not escaped: RFC 8259, section 7.
      return this.fail();
    }
  }

  private taken(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private expect(sign: string): void {
    if (!this.taken(sign)) this.fail();
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  private line(): number {
    return this.text.slice(0, this.at).split("\n").length;
  }

  private fail(key: JsonMistake["key"] = "syntax", name?: string, at = this.at): never {
    const before = this.text.slice(0, at);
    const column = at - (before.lastIndexOf("\n") + 1) + 1;
    const reason = key === "syntax" && at >= this.text.length ? "end" : key;
    throw new Mistake({
      line: before.split("\n").length,
      column,
      key: reason,
      ...(name === undefined ? {} : { name }),
    });
  }
}
