/** The value below which this share (0 to 1) of the samples lies, by nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("no samples");
  return value;
}

export const p50 = (samples: readonly number[]) => percentile(samples, 0.5);
export const p95 = (samples: readonly number[]) => percentile(samples, 0.95);
export const p99 = (samples: readonly number[]) => percentile(samples, 0.99);
export const most = (samples: readonly number[]) => percentile(samples, 1);

export function sum(samples: readonly number[]): number {
  return samples.reduce((total, one) => total + one, 0);
}

/** Milliseconds with as many digits as mean something. */
export function ms(value: number): string {
  return `${Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** How many times the floor. */
export function times(value: number, floor: number): string {
  return `${(value / floor).toFixed(value / floor < 10 ? 2 : 0)} ×`;
}
