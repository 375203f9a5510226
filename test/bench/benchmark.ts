/** One benchmark, exported as `benchmark` from `<name>.bench.ts`. It prints what it found, stops by itself, and leaves
 * neither files nor processes behind. */
export type Benchmark = {
  /** What it measures, in one sentence. */
  sentence: string;
  /** Counts that can be given as `--name 30`, with their defaults. */
  counts: Readonly<Record<string, number>>;
  run(counts: Readonly<Record<string, number>>): Promise<void>;
};

export function defineBenchmark<const Counts extends Record<string, number>>(given: {
  sentence: string;
  counts: Counts;
  run(counts: { [Name in keyof Counts]: number }): Promise<void>;
}): Benchmark {
  return { ...given, run: (counts) => given.run({ ...given.counts, ...counts }) };
}
