import fc from "fast-check";
import { expect, test } from "vitest";
import { slice } from "./slice.ts";

test("pages together are the whole list, in order, whatever the limit", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 })),
      fc.integer({ min: 1, max: 7 }),
      (list, limit) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = slice(list, (item) => item, { cursor, limit });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(list);
      },
    ),
  );
});

test("a cursor of something that is not in the list is refused", () => {
  expect(() => slice(["a"], (item) => item, { cursor: "b", limit: 1 })).toThrow(/cursor/);
});
