import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareRendering } from "../../test/infra/prepare.ts";
import { render } from "../../test/infra/render/render.ts";
import { idleItems } from "./idle.ts";
import { type Item, priceTable, totalAfterFree, totalOf, usdOf } from "./price.ts";
import { workloadItems } from "./workload.ts";

/** `npm run cost`: what a rendered stage costs while nobody does anything, and what work adds to that. Nothing is
 * asked of AWS. */
const { values } = parseArgs({
  options: {
    stage: { type: "string", default: "production" },
    grants: { type: "string", default: "1000" },
    hours: { type: "string", default: "8" },
    statements: { type: "string", default: "20000" },
  },
});
const count = (name: "grants" | "hours" | "statements") => {
  const number = Number(values[name]);
  if (!Number.isFinite(number) || number < 0) throw new Error(`--${name} must be a number of at least 0`);
  return number;
};

await prepareRendering();
const folder = await mkdtemp(join(tmpdir(), "daypass-cost-"));
try {
  const { resources } = await render(folder, { stage: values.stage });
  const idle = idleItems(resources);
  const work = { grants: count("grants"), hours: count("hours"), statements: count("statements") };
  console.log(`Prices of ${priceTable.region}, ${priceTable.date}. ${priceTable.source}\n`);
  print(`${values.stage}, ${resources.length} resources: a month in which nobody does anything`, idle);
  print(
    `${work.grants} grants of ${work.hours} hours with ${work.statements} statements: added to that`,
    workloadItems(work),
  );
  console.log(
    "Not in it: data between networks, the databases, and what a private subnet needs to reach AWS:",
  );
  console.log(
    `  an interface endpoint $${(usdOf({ price: "endpointHour", count: 730 })).toFixed(2)} a month and zone,`,
  );
  console.log(
    `  or a NAT gateway $${usdOf({ price: "natHour", count: 730 }).toFixed(2)} a month, where there is none yet.`,
  );
} finally {
  await rm(folder, { recursive: true });
}

function print(title: string, items: readonly Item[]): void {
  console.log(`${title}\n`);
  for (const item of items) {
    const unit = priceTable.usd[item.price]?.unit ?? "";
    console.log(
      `  ${`$${usdOf(item).toFixed(4)}`.padStart(10)}  ${item.what} (${rounded(item.count)} × $${priceTable.usd[item.price]?.price} each ${unit})`,
    );
  }
  console.log(`  ${"".padStart(10, "-")}`);
  console.log(`  ${`$${totalOf(items).toFixed(2)}`.padStart(10)}  in all, by the price list`);
  console.log(
    `  ${`$${totalAfterFree(items).toFixed(2)}`.padStart(10)}  after what AWS gives every account each month, if nothing else there uses it`,
  );
  console.log();
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
