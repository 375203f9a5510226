import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const sources = globSync("packages/{core,functions,databases,cli}/src/**/*.ts").filter(
  (file) => !file.endsWith(".test.ts"),
);
const textOf = (file: string) => readFileSync(file, "utf8");

/** DynamoDB may answer with a part of what was asked for, and says so beside it. One place each reads that. */
describe("nothing takes a part of an answer for the whole", () => {
  const batchRead = "packages/core/src/kernel/read-batch.ts";

  test("batch reads have one place, which asks for unread keys again", () => {
    const direct = /\bBatchGet|\bbatchGet|\bBatchGetItem\b/;
    expect(sources.filter((file) => direct.test(textOf(file)))).toEqual([batchRead]);
    expect(textOf(batchRead)).toContain("UnprocessedKeys");
  });

  test("an entity is asked for one item, written out: a list of keys would be a batch read", () => {
    expect(sources.flatMap((file) => batchReadsIn(textOf(file)).map((at) => `${file}: ${at}`))).toEqual([]);
  });

  test.each([
    ["grants(ctx).get([{ id }]).go()"],
    ["grants(ctx)\n  .get(unique.map((id) => ({ id })))\n  .go({ consistent: true })"],
    ["const { data } = await grants(ctx).get(keys).go();"],
    ["grants(ctx).get(keys).params()"],
  ])("a planted batch read is seen: %s", (planted) => {
    expect(batchReadsIn(planted)).toHaveLength(1);
  });

  test("nothing writes in batches, of which the service may leave out some", () => {
    const found = sources.filter((file) => /\bBatchWrite|\bbatchWrite|\.(put|delete)\(\[/.test(textOf(file)));
    expect(found).toEqual([]);
  });

  test.each(["query.due({ dueShard }).go()", "query.byId({ kind }).go({ consistent: true, limit: 100 })"])(
    "a planted query for one page is seen: %s",
    (planted) => {
      expect(queriesIn(`grants(ctx).${planted};`).filter((options) => !isBounded(options))).toHaveLength(1);
    },
  );

  test("a query says how much it wants: a page that its caller goes on from, a number of items, or all", () => {
    const found = sources.flatMap((file) =>
      queriesIn(textOf(file)).flatMap((options) => (isBounded(options) ? [] : [`${file}: ${options}`])),
    );
    expect(found).toEqual([]);
  });
});

/** Reads of entities whose key is not written out as one object. */
function batchReadsIn(text: string): string[] {
  return [...text.matchAll(/\(ctx\)\s*\.get\((?!\{)[^\n]*/g)].map(([found]) => found.replaceAll(/\s+/g, " "));
}

/** What each query of an entity is sent with. */
function queriesIn(text: string): string[] {
  return [...text.matchAll(/\bquery\s*\.[^;]*?\.go\(([^;]*?)\)/g)].map(([, options = ""]) =>
    options.replaceAll(/\s+/g, " ").trim(),
  );
}

function isBounded(options: string): boolean {
  return /pages: "all"|firstOf\(|\bcursor\b|\boptions\b/.test(options);
}
