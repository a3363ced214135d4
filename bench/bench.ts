/**
 * Types and helpers of benchmarks. Our side and its peer run alternately, so that a slow minute affects both. Results
 * are medians.
 */
import { median } from '../src/core/statistics/index.ts';
import type { Machine } from '../src/storage/provenance.ts';

export type BenchOptions = { readonly runs: number; readonly note: (text: string) => void };

export type Measured = {
  /** Ratio of our result to the peer's. Above 1 means that our side is better, for rates and for durations. */
  readonly ratio: number;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  /** What both sides computed, with which settings. It contains all facts that a reader needs to judge the numbers. */
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

/** Runs each side `runs` times, alternating between the sides, after one warm-up run of each. */
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

/** Rounds to three significant digits. The measurements are not more precise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
