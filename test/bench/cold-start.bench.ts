import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { type Bundle, bundle } from "../../scripts/bundle.ts";
import { defineBenchmark } from "./benchmark.ts";
import { ms, p50, times } from "./figures.ts";
import { printTable } from "./table.ts";

const run = promisify(execFile);
const handlers = resolve(import.meta.dirname, "../../packages/functions/src/handlers");
const functions = ["api", "api-stream", "broker", "runner", "sweep", "notify", "archive"] as const;

/** The least that could answer the same request. */
const bare = `import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/api/health", (c) => c.json({ status: "ok", version: "0" }));
export const handler = handle(app);`;

export const benchmark = defineBenchmark({
  sentence:
    "the api function from a fresh process to its first answer, against a bare Hono handler bundled alike",
  counts: { rounds: 15 },
  async run({ rounds }) {
    const folder = await mkdtemp(join(tmpdir(), "daypass-cold-"));
    try {
      const floor = await write(folder, "bare", await bundle({ contents: bare, resolveDir: handlers }));
      const sizes = new Map<string, Bundle>();
      for (const name of functions) sizes.set(name, await bundle(join(handlers, `${name}.ts`)));
      const api = await write(folder, "api", sizes.get("api"));
      const samples: Record<"bare" | "api", Sample[]> = { bare: [], api: [] };
      for (let round = 0; round < rounds; round += 1) {
        samples.bare.push(await start(floor));
        samples.api.push(await start(api));
      }
      printTimes(samples);
      printSizes(sizes);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

const sampleSchema = z.strictObject({
  processMs: z.number(),
  importMs: z.number(),
  importCpuMs: z.number(),
  firstMs: z.number(),
  firstCpuMs: z.number(),
});
type Sample = z.output<typeof sampleSchema>;

async function write(folder: string, name: string, made: Bundle | undefined): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, made?.code ?? "");
  return file;
}

const originSecret = "nobody but the benchmark knows this";

/** Runs in the fresh process: imports the handler, then has it answer one request, as Lambda does. */
const child = `
const event = {
  version: "2.0", routeKey: "$default", rawPath: "/api/health", rawQueryString: "", headers: { host: "daypass.example.com", "x-daypass-origin-secret": "${originSecret}" },
  requestContext: { domainName: "daypass.example.com", requestId: "1", http: { method: "GET", path: "/api/health", sourceIp: "192.0.2.1" } },
  isBase64Encoded: false,
};
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const [began, beganCpu] = [performance.now(), cpu()];
const { handler } = await import(process.argv[1]);
const [imported, importedCpu] = [performance.now(), cpu()];
const { statusCode } = await handler(event, { awsRequestId: "1", memoryLimitInMB: "1024", getRemainingTimeInMillis: () => 29_000 });
if (statusCode !== 200) throw new Error("answered " + statusCode);
process.stderr.write(JSON.stringify({
  processMs: performance.now(), importMs: imported - began, importCpuMs: importedCpu - beganCpu,
  firstMs: performance.now() - imported, firstCpuMs: cpu() - importedCpu,
}));`;

async function start(file: string): Promise<Sample> {
  const { stderr } = await run(process.execPath, ["--input-type=module", "-e", child, file], {
    env: environment,
  });
  return sampleSchema.parse(JSON.parse(stderr));
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Nothing is asked of anybody: the endpoint is a port where nobody listens. */
const environment = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  DAYPASS_TABLE: "daypass",
  DAYPASS_STACK: "bench",
  DAYPASS_ORIGIN: "https://daypass.example.com",
  DAYPASS_OIDC_ISSUER: "https://id.example.com",
  DAYPASS_OIDC_CLIENT_ID: "daypass",
  DAYPASS_OIDC_CLIENT_SECRET_NAME: "daypass/bench/sign-in",
  DAYPASS_ORIGIN_SECRET_SHA256: digestOf(originSecret),
  DAYPASS_ADMINISTRATOR_GROUPS: "administrators",
  DAYPASS_NETWORKS: JSON.stringify([
    {
      name: "main",
      stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:grant",
      inspectionStateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:inspection",
      reconciliationStateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:reconciliation",
      brokerFunction: "broker",
      runnerFunction: "runner",
    },
  ]),
};

function printTimes(samples: Record<"bare" | "api", Sample[]>): void {
  const row = (what: string, read: (sample: Sample) => number) => {
    const [floor, ours] = [p50(samples.bare.map(read)), p50(samples.api.map(read))];
    return [what, ms(floor), ms(ours), times(ours, floor)];
  };
  printTable(
    ["p50", "bare Hono", "api", "ratio"],
    [
      row("import, processor time", (sample) => sample.importCpuMs),
      row("first answer after it, processor time", (sample) => sample.firstCpuMs),
      row("both, processor time", (sample) => sample.importCpuMs + sample.firstCpuMs),
      row("both, on the clock", (sample) => sample.importMs + sample.firstMs),
      row("fresh process to first answer, on the clock", (sample) => sample.processMs),
    ],
  );
  console.log(
    "  Node loads its own fetch classes at the first request of the bare handler; ours has them by then.\n",
  );
}

function printSizes(sizes: ReadonlyMap<string, Bundle>): void {
  const drivers = /node_modules\/(pg|mysql2)\//;
  printTable(
    ["bundle", "bytes", "drivers in it"],
    [...sizes].map(([name, { bytes, inputs }]) => {
      const found = inputs.flatMap((input) => drivers.exec(input)?.[1] ?? []);
      return [name, bytes.toLocaleString("en"), [...new Set(found)].join(", ") || "none"];
    }),
  );
}
