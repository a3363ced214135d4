/** The result of a benchmark. Both sides run alternately, so that a slow minute affects both. Results are medians. */
import { median } from '../src/core/statistics/index.ts';
import type { Machine } from '../src/storage/provenance.ts';

export type BenchOptions = { readonly runs: number; readonly note: (text: string) => void };

export type Measured = {
  /** Above 1 if our side is better, for rates as well as for durations. */
  readonly ratio: number;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  /** What both sides computed, and with which settings: everything that a reader needs to judge the numbers. */
  readonly protocol: Readonly<Record<string, string | number>>;
  readonly more?: Readonly<Record<string, unknown>>;
};

export type BenchResult = Measured & {
  readonly name: string;
  readonly runs: number;
  readonly machine: Machine & { readonly loadBefore: number };
  readonly version: string;
  readonly commit?: string;
};

export type Bench = (options: BenchOptions) => Promise<Measured>;

/** Runs both sides `runs` times each, alternating, after one warm-up run of each. */
export async function interleaved<T>(
  runs: number,
  sides: { ours: () => Promise<T>; peer: () => Promise<T> },
): Promise<{ ours: T[]; peer: T[] }> {
  const results: { ours: T[]; peer: T[] } = { ours: [], peer: [] };
  await sides.ours();
  await sides.peer();
  for (let run = 0; run < runs; run++) {
    const order = run % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    for (const side of order) results[side].push(await sides[side]());
  }
  return results;
}

export function medianOf<T>(runs: readonly T[], value: (run: T) => number): number {
  return median(runs.map(value))!;
}

/** Rounds to three significant digits, because the measurements are no more precise than that. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
