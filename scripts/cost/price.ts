import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The price table: one data file with its date and source. */
export const priceTable = z
  .strictObject({
    region: z.string(),
    date: z.iso.date(),
    source: z.string(),
    hoursPerMonth: z.number().positive(),
    /** What AWS gives every account every month, also after its first year. */
    alwaysFree: z.record(z.string(), z.number().positive()),
    usd: z.record(z.string(), z.strictObject({ price: z.number().positive(), unit: z.string() })),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "prices.json"), "utf8")));

/** So many of something, and why. */
export type Item = { what: string; price: string; count: number };

/** @throws Error when the table does not have this price. */
export function usdOf({ price, count }: Pick<Item, "price" | "count">): number {
  const known = priceTable.usd[price];
  if (!known) throw new Error(`prices.json has no price "${price}".`);
  return known.price * count;
}

export function totalOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + usdOf(item), 0);
}

/** With what AWS gives for nothing taken off, as long as nothing else in the account uses it. */
export function totalAfterFree(items: readonly Item[]): number {
  const counts = Map.groupBy(items, ({ price }) => price);
  return [...counts].reduce((sum, [price, all]) => {
    const count = all.reduce((total, item) => total + item.count, 0);
    return sum + usdOf({ price, count: Math.max(0, count - (priceTable.alwaysFree[price] ?? 0)) });
  }, 0);
}
