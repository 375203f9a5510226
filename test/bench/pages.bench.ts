import type { DatabaseRef } from "@daypass/core/catalog/catalog.view.ts";
import type { UserRef } from "@daypass/core/identity/user.view.ts";
import { instantOf } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import type { Write } from "@daypass/core/kernel/table.ts";
import { defineBenchmark } from "./benchmark.ts";
import { ms, p50, p95, seconds, times } from "./figures.ts";
import { createInstallation, type Installation } from "./installation.ts";
import {
  type Cast,
  type Place,
  pendingRequest,
  writesOfPast,
  writesOfPending,
  writesWithStory,
} from "./past.ts";
import type { Work } from "./read-meter.ts";
import { printTable } from "./table.ts";

const fewer = 100;
const pending = 20;
const warmUps = 5;

export const benchmark = defineBenchmark({
  sentence: "pages over a long past against the same pages over 100 requests: they must not grow",
  counts: { past: 100_000, rounds: 40 },
  async run({ past, rounds }) {
    const startedAt = performance.now();
    const short = await fill(fewer);
    const long = await fill(past);
    console.log(
      `  loaded ${past} requests, grants and events in ${seconds(performance.now() - startedAt)}\n`,
    );
    try {
      const rows: string[][] = [];
      for (const page of pages) rows.push(await compare(page, short, long, rounds));
      const size = past.toLocaleString("en");
      printTable(
        [
          "page",
          "p50 at 100",
          `p50 at ${size}`,
          "ratio",
          "p95 at 100",
          `p95 at ${size}`,
          "reads",
          "items",
          "read units",
        ],
        rows,
      );
      console.log("  reads, items, read units: of one call, at 100 → at the long past\n");
    } finally {
      await short.installation.close();
      await long.installation.close();
    }
  },
});

type Filled = {
  installation: Installation;
  cast: Cast;
  auditor: UserRef;
  requestId: string;
  databaseId: string;
};
type Page = { name: string; by: (filled: Filled) => UserRef; path: (filled: Filled) => string };

const engineer = ({ cast }: Filled) => cast.engineer;
const lead = ({ cast }: Filled) => cast.lead;
const auditor = (filled: Filled) => filled.auditor;
const pages: readonly Page[] = [
  { name: "my requests", by: engineer, path: () => "/api/requests?view=mine" },
  { name: "my access", by: engineer, path: () => "/api/grants?view=mine" },
  { name: "inbox", by: lead, path: () => "/api/requests?view=to-review" },
  { name: "all requests", by: auditor, path: () => "/api/requests?view=all" },
  { name: "all requests, approved", by: auditor, path: () => "/api/requests?view=all&status=approved" },
  { name: "all grants", by: auditor, path: () => "/api/grants?view=all" },
  { name: "request with its story", by: lead, path: ({ requestId }) => `/api/requests/${requestId}` },
  { name: "audit", by: auditor, path: () => "/api/audit" },
  { name: "audit of a database", by: auditor, path: ({ databaseId }) => `/api/audit?database=${databaseId}` },
  { name: "audit of an actor", by: auditor, path: () => "/api/audit?actor=system:workflow" },
  { name: "audit of a request", by: auditor, path: ({ requestId }) => `/api/audit?subject=${requestId}` },
];

/** Round by round in turn, so that what else the machine does meets both alike. */
async function compare(page: Page, short: Filled, long: Filled, rounds: number): Promise<string[]> {
  const sides = [short, long].map((filled) => ({ filled, samples: [] as number[], work: [] as Work[] }));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const { filled, samples, work } of sides) {
      filled.installation.take();
      const startedAt = performance.now();
      await filled.installation.get(page.by(filled), page.path(filled));
      const took = performance.now() - startedAt;
      if (round < 0) continue;
      samples.push(took);
      work.push(filled.installation.take());
    }
  }
  const [before, after] = sides;
  if (!before || !after) throw new Error("two sides");
  const of = (pick: (work: Work) => number) =>
    [before, after].map(({ work }) => String(p50(work.map(pick)))).join(" → ");
  return [
    page.name,
    ms(p50(before.samples)),
    ms(p50(after.samples)),
    times(p50(after.samples), p50(before.samples)),
    ms(p95(before.samples)),
    ms(p95(after.samples)),
    of((work) => work.calls),
    of((work) => work.items),
    of((work) => work.readUnits),
  ];
}

async function fill(past: number): Promise<Filled> {
  const installation = await createInstallation();
  const { ctx } = installation;
  const person = (name: string, group: string) => installation.signIn(name, [group]);
  const cast: Cast = {
    engineer: await person("Erin Vale", "engineers"),
    others: [await person("Nils Okoro", "analysts"), await person("Ada Moreau", "engineers")],
    lead: await person("Tomoko Lind", "leads"),
  };
  const place: Place = { database: databaseOf(ctx), networkId: newId("network", ctx.ids) };
  const detail = writesWithStory(ctx, cast, place, past);
  const nowMs = Date.now();
  function* writes(): Generator<Write> {
    for (let index = 0; index < past; index += 1) yield* writesOfPast(ctx, cast, place, index);
    yield* detail.writes;
    for (let index = 0; index < pending; index += 1) {
      const at = instantOf(nowMs - index * 60_000);
      yield* writesOfPending(ctx, pendingRequest(cast, place, at, index));
    }
  }
  await installation.load(writes());
  return {
    installation,
    cast,
    auditor: await person("Oscar Brandt", "auditors"),
    requestId: detail.request.id,
    databaseId: place.database.id,
  };
}

function databaseOf({ ids }: Installation["ctx"]): DatabaseRef {
  return {
    id: newId("database", ids),
    name: "shop",
    engine: "postgres",
    instance: { id: newId("instance", ids), name: "shop-production" },
    environment: { id: newId("environment", ids), name: "production", protected: true },
  };
}
