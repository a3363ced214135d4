/** Summarises the results of an attack's parts. */
import { quantile } from '../../../src/core/statistics/index.ts';

type PartResult = {
  readonly part: string;
  readonly seconds: number;
  readonly load: number;
  readonly failures: readonly string[];
  readonly measured?: Readonly<Record<string, readonly number[]>>;
  readonly counts?: Readonly<Record<string, number>>;
};

export type Summary = {
  readonly name: string;
  readonly unit: string;
  readonly cases: number;
  readonly failures: readonly string[];
  readonly seconds: number;
  /** Highest load average at the end of any part. */
  readonly load: number;
  readonly measured: Readonly<Record<string, Distribution>>;
  readonly counts: Readonly<Record<string, number>>;
};

type Distribution = { readonly n: number; readonly median: number; readonly p99: number; readonly max: number };

const rounded = (value: number): number => Number(value.toPrecision(3));

function distribution(values: number[]): Distribution {
  const ascending = values.toSorted((a, b) => a - b);
  const at = (probability: number): number => rounded(quantile(ascending, probability)!);
  return { n: values.length, median: at(0.5), p99: at(0.99), max: at(1) };
}

export function summarize({
  parts,
  ...attack
}: {
  readonly name: string;
  readonly unit: string;
  readonly cases: number;
  readonly parts: readonly PartResult[];
}): Summary {
  const measured = new Map<string, number[]>();
  const counts = new Map<string, number>();
  for (const part of parts) {
    for (const [key, values] of Object.entries(part.measured ?? {})) {
      measured.set(key, [...(measured.get(key) ?? []), ...values]);
    }
    for (const [key, count] of Object.entries(part.counts ?? {})) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return {
    ...attack,
    failures: parts.flatMap(({ part, failures }) => failures.map((failure) => `${part}: ${failure}`)),
    seconds: Math.round(parts.reduce((sum, { seconds }) => sum + seconds, 0)),
    load: rounded(Math.max(...parts.map(({ load }) => load))),
    measured: Object.fromEntries([...measured].map(([key, values]) => [key, distribution(values)])),
    counts: Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
