import { readdir } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";

/** `npm run bench` lists the benchmarks and runs all; `npm run bench -- <name> [--count 10]` runs one. */
const suffix = ".bench.ts";
const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(suffix)).toSorted();
const benchmarks = new Map<string, Benchmark>();
for (const file of files) {
  const { benchmark }: { benchmark: Benchmark } = await import(`./${file}`);
  benchmarks.set(file.slice(0, -suffix.length), benchmark);
}
const counts = [...benchmarks.values()].flatMap((benchmark) => Object.keys(benchmark.counts));
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(counts.map((count) => [count, { type: "string" as const }])),
});
const chosen = positionals.map((name) => {
  const benchmark = benchmarks.get(name);
  if (!benchmark)
    throw new Error(`There is no benchmark "${name}"; there are ${[...benchmarks.keys()].join(", ")}.`);
  return [name, benchmark] as const;
});

if (chosen.length === 0)
  for (const [name, { sentence }] of benchmarks) console.log(`${name.padEnd(16)}${sentence}`);
for (const [name, benchmark] of chosen.length > 0 ? chosen : benchmarks) await measure(name, benchmark);
// What a failed benchmark left open must not keep the shell waiting.
process.exit();

async function measure(name: string, benchmark: Benchmark): Promise<void> {
  const counts = { ...benchmark.counts, ...countsGiven(benchmark) };
  const shown = Object.entries(counts).map(([count, value]) => `${count} ${value}`);
  console.log(`\n${name}: ${benchmark.sentence}`);
  console.log(`  ${[...shown, ...machine()].join(" · ")} · load ${load1()} at the beginning\n`);
  const startedAt = performance.now();
  try {
    await benchmark.run(counts);
    console.log(
      `  ${((performance.now() - startedAt) / 1000).toFixed(0)} s in all · load ${load1()} at the end`,
    );
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}

function countsGiven(benchmark: Benchmark): Record<string, number> {
  const given = Object.entries(values).map(([name, value]) => [name, Number(value)] as const);
  for (const [name, value] of given) {
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above zero`);
  }
  return Object.fromEntries(given.filter(([name]) => Object.hasOwn(benchmark.counts, name)));
}

function machine(): string[] {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return [
    `${availableParallelism()} × ${model}`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `Node ${process.version}`,
  ];
}

function load1(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
