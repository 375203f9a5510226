import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { createTemporaryTable, deleteTable } from "./tables.ts";

type Item = { pk: string; sk: string; [attribute: string]: string | number };
type Step = {
  kind: "put" | "update" | "remove" | "delete" | "check";
  pk: string;
  sk: string;
  index: string;
  indexKey: string;
  n: number;
  condition: "none" | "new" | "there" | "below";
};

const INDEXES = ["gsi1", "gsi2", "gsi3"];
const PKS = ["a", "b"];
const small = fc.integer({ min: 0, max: 3 }).map(String);
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("put", "update", "remove", "delete", "check"),
  pk: fc.constantFrom(...PKS),
  sk: small,
  index: fc.constantFrom(...INDEXES),
  indexKey: fc.constantFrom("x", "y"),
  n: fc.integer({ min: -3, max: 3 }),
  condition: fc.constantFrom("none", "new", "there", "below"),
});
const call = fc.oneof(
  step.map((one) => [one]),
  fc.uniqueArray(step, { minLength: 2, maxLength: 6, selector: ({ pk, sk }) => `${pk}/${sk}` }),
);

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

it("table and indexes are what a plain map of items would be, whatever is written in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 25 }), async (calls) => {
      const table = await createTemporaryTable(endpoint, INDEXES);
      const model = new Map<string, Item>();
      for (const steps of calls) {
        const wanted = outcome(model, steps);
        expect(await attempt(table, steps)).toBe(wanted !== undefined);
        for (const [key, item] of wanted ?? []) {
          if (item === undefined) model.delete(key);
          else model.set(key, item);
        }
      }
      const items = [...model.values()];
      for (const pk of PKS) {
        expect(await contents(table, undefined, pk)).toEqual(sorted(items.filter((item) => item.pk === pk)));
      }
      for (const index of INDEXES) {
        for (const indexKey of ["x", "y"]) {
          const inIndex = items.filter((item) => item[`${index}pk`] === indexKey);
          await expect.poll(() => contents(table, index, indexKey)).toEqual(sorted(inIndex));
        }
      }
      await deleteTable(endpoint, table);
    }),
    { numRuns: 40 },
  );
}, 120_000);

/** What the steps would write, or undefined where a condition keeps all of them from happening. */
function outcome(model: ReadonlyMap<string, Item>, steps: Step[]): Map<string, Item | undefined> | undefined {
  const writes = new Map<string, Item | undefined>();
  for (const one of steps) {
    const key = `${one.pk}/${one.sk}`;
    const old = model.get(key);
    if (one.condition === "new" && old !== undefined) return undefined;
    if (one.condition === "there" && old === undefined) return undefined;
    if (one.condition === "below" && !(typeof old?.n === "number" && old.n < one.n)) return undefined;
    const { pk, sk } = one;
    const indexed = { [`${one.index}pk`]: one.indexKey, [`${one.index}sk`]: sk };
    if (one.kind === "put") writes.set(key, { pk, sk, n: one.n, ...indexed });
    if (one.kind === "update")
      writes.set(key, { pk, sk, ...old, ...indexed, n: Number(old?.n ?? 0) + one.n });
    if (one.kind === "remove") {
      const left = Object.entries(old ?? {}).filter(([name]) => name !== `${one.index}pk`);
      writes.set(key, { pk, sk, ...Object.fromEntries(left) });
    }
    if (one.kind === "delete") writes.set(key, undefined);
  }
  return writes;
}

async function attempt(table: string, steps: Step[]): Promise<boolean> {
  const actions = steps.map((one) => action(table, one));
  const [only] = actions;
  try {
    // A single step goes by its own operation, where it has one.
    if (actions.length > 1 || only?.ConditionCheck) {
      await endpoint.documents.transactWrite({ TransactItems: actions });
    } else if (only?.Put) await endpoint.documents.put(only.Put);
    else if (only?.Update) await endpoint.documents.update(only.Update);
    else if (only?.Delete) await endpoint.documents.delete(only.Delete);
    return true;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "ConditionalCheckFailedException" || name === "TransactionCanceledException") return false;
    throw error;
  }
}

function action(TableName: string, one: Step) {
  const Key = { pk: one.pk, sk: one.sk };
  const condition = {
    none: {},
    new: { ConditionExpression: "attribute_not_exists(pk)" },
    there: { ConditionExpression: "attribute_exists(pk)" },
    below: { ConditionExpression: "n < :limit" },
  }[one.condition];
  const limit = one.condition === "below" ? { ":limit": one.n } : {};
  const values = (more: Record<string, unknown>) => {
    const all = { ...limit, ...more };
    return Object.keys(all).length === 0 ? {} : { ExpressionAttributeValues: all };
  };
  const indexed = { [`${one.index}pk`]: one.indexKey, [`${one.index}sk`]: one.sk };
  const base = { TableName, ...condition };
  switch (one.kind) {
    case "put":
      return { Put: { ...base, ...values({}), Item: { ...Key, n: one.n, ...indexed } } };
    case "update":
      return {
        Update: {
          ...base,
          ...values({ ":n": one.n, ":p": one.indexKey, ":s": one.sk }),
          Key,
          UpdateExpression: `SET ${one.index}pk = :p, ${one.index}sk = :s ADD n :n`,
        },
      };
    case "remove":
      return { Update: { ...base, ...values({}), Key, UpdateExpression: `REMOVE ${one.index}pk` } };
    case "delete":
      return { Delete: { ...base, ...values({}), Key } };
    case "check":
      return {
        ConditionCheck: {
          TableName,
          Key,
          ...values({}),
          ConditionExpression:
            condition.ConditionExpression ?? "attribute_exists(pk) OR attribute_not_exists(pk)",
        },
      };
  }
}

async function contents(table: string, index: string | undefined, key: string): Promise<Item[]> {
  const found: Item[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await endpoint.documents.query({
      TableName: table,
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
      KeyConditionExpression: `${index ?? ""}pk = :p`,
      ExpressionAttributeValues: { ":p": key },
      Limit: 3,
      ExclusiveStartKey,
    });
    found.push(...((page.Items ?? []) as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return sorted(found);
}

function sorted(items: Item[]): Item[] {
  return items.toSorted((left, right) => (`${left.pk}/${left.sk}` < `${right.pk}/${right.sk}` ? -1 : 1));
}
