/** Computes an arm's measures on both benchmarks from its predictions, and paired tests between two arms. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { GlobeError } from '../core/errors.ts';
import { random, seedFrom } from '../core/random.ts';
import { crossedDifferences, crossedMeans, mcnemarExact, mean } from '../core/statistics/index.ts';
import type { Runs } from '../core/statistics/index.ts';
import { THRESHOLDS_KM } from '../evaluation/thresholds.ts';
import { checkRunFile } from '../storage/run-manifest.ts';
import { PREDICTIONS_FILE } from './evaluate-arm.ts';
import type { BenchmarkName, Estimate, Measures, PairedTest, PredictionLine, TestedMeasure } from './results.ts';
import { detectableDifference, variancesOf } from './power.ts';
import { riskCoverage } from './risk-coverage.ts';

/** For each run, one line per photo. The order of the photos is the same in all runs. */
export type Predictions = readonly (readonly PredictionLine[])[];

export type StatisticsOptions = { readonly resamples: number; readonly seed: number };

export async function readPredictions(folder: string): Promise<PredictionLine[]> {
  const path = join(folder, PREDICTIONS_FILE);
  await checkRunFile(path);
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PredictionLine);
}

/** Selects the lines of the photos on a benchmark. Throws `internal` if the runs contain different photos. */
function onBenchmark(predictions: Predictions, benchmark: BenchmarkName): Predictions {
  const chosen = predictions.map((lines) => lines.filter((line) => isOn(line, benchmark)));
  assertSamePhotos(chosen);
  return chosen;
}

/** Returns true if a line's photo is on a benchmark. */
export function isOn({ localizable, tunedCity }: PredictionLine, benchmark: BenchmarkName): boolean {
  switch (benchmark) {
    case 'all':
      return true;
    case 'localizable':
      return localizable;
    case 'tuned cities':
      return localizable && tunedCity === true;
    case 'untuned cities':
      return localizable && tunedCity === false;
  }
}

function assertSamePhotos(predictions: Predictions): void {
  const [first, ...others] = predictions;
  if (others.every((lines) => lines.length === first!.length && lines.every(({ id }, i) => id === first![i]!.id)))
    return;
  throw new GlobeError({ code: 'internal', message: 'Two evaluations do not cover the same photos.' });
}

const isWithin =
  (thresholdKm: number) =>
  ({ distanceKm }: PredictionLine): number =>
    Number(distanceKm !== undefined && distanceKm <= thresholdKm);

const hallucinatedIn = ({ entities = [] }: PredictionLine): number => entities.filter(({ shown }) => !shown).length;

const runsOf = (predictions: Predictions, value: (line: PredictionLine) => number): Runs =>
  predictions.map((lines) => lines.map(value));

/**
 * Returns the cluster of each photo for the bootstrap. Photos of one owner are not independent, so an owner is a
 * cluster. On the benchmark of untuned cities, a city is a cluster, because the benchmark has few cities.
 */
const clustersOf = (predictions: Predictions, benchmark: BenchmarkName): string[] =>
  predictions[0]!.map(({ owner, truth: { country, city } }) =>
    benchmark === 'untuned cities' ? `${country}/${city}` : owner,
  );

/**
 * Computes an arm's measures. The bootstrap's seed derives from `name`, so that the same predictions always give the
 * same intervals.
 */
export function measuresOf(
  all: Predictions,
  { benchmark, name, statistics }: { benchmark: BenchmarkName; name: string; statistics: StatisticsOptions },
): Measures {
  const predictions = onBenchmark(all, benchmark);
  const estimates = (values: readonly ((line: PredictionLine) => number)[]): Estimate[] => {
    const measures = values.map((value) => runsOf(predictions, value));
    const generator = random(seedFrom(`${statistics.seed}/${name}/${benchmark}`));
    const { resamples } = statistics;
    return crossedMeans(measures, { generator, clusters: clustersOf(predictions, benchmark), resamples }).map(
      (estimate, j) => ({
        ...estimate,
        perSeed: measures[j]!.map((run) => mean(run)!),
      }),
    );
  };
  const [countryMatch, cityMatch, ...accuracy] = estimates([
    ({ countryMatch: right }) => Number(right),
    ({ cityMatch: right }) => Number(right),
    ...THRESHOLDS_KM.map(isWithin),
  ]);
  const reasons = predictions.flat().some(({ entities }) => entities !== undefined);
  const [entities, hallucinated] = reasons
    ? estimates([({ entities: things = [] }) => things.length, hallucinatedIn])
    : [undefined, undefined];
  const curve = riskCoverage(predictions);
  return {
    n: predictions[0]!.length,
    accuracy: THRESHOLDS_KM.map((thresholdKm, i) => ({ thresholdKm, ...accuracy[i]! })),
    countryMatch: countryMatch!,
    cityMatch: cityMatch!,
    outcomes: countOutcomes(predictions),
    ...(entities !== undefined && hallucinated !== undefined && { reasoning: { entities, hallucinated } }),
    ...defined({ riskCoverage: curve }),
  };
}

function countOutcomes(predictions: Predictions): Measures['outcomes'] {
  const counts = { located: 0, refused: 0, unparseable: 0, notGeocodable: 0, failed: 0 };
  for (const { outcome } of predictions.flat()) counts[outcome] += 1;
  return counts;
}

export type TestedArm = {
  readonly name: string;
  readonly seeds: readonly (number | null)[];
  readonly predictions: Predictions;
};

/**
 * Tests the difference b − a. The p-value is not corrected here; the table corrects the p-values of all its tests
 * together.
 */
export function testOf(
  a: TestedArm,
  b: TestedArm,
  {
    benchmark,
    measure,
    question,
    statistics,
  }: { benchmark: BenchmarkName; measure: TestedMeasure; question: string; statistics: StatisticsOptions },
): Omit<PairedTest, 'pAdjusted'> {
  const [first, second] = [onBenchmark(a.predictions, benchmark), onBenchmark(b.predictions, benchmark)];
  assertSamePhotos([first[0]!, second[0]!]);
  const value = measure.kind === 'accuracy' ? isWithin(measure.thresholdKm) : hallucinatedIn;
  const name = `${a.name}/${b.name}/${benchmark}/${JSON.stringify(measure)}`;
  const [difference] = crossedDifferences([runsOf(first, value)], [runsOf(second, value)], {
    generator: random(seedFrom(`${statistics.seed}/${name}`)),
    clusters: clustersOf(first, benchmark),
    resamples: statistics.resamples,
  });
  const { value: mean, low, high, p } = difference!;
  return {
    a: a.name,
    b: b.name,
    benchmark,
    measure,
    question,
    difference: mean,
    low,
    high,
    p,
    n: first[0]!.length,
    seeds: { a: a.predictions.length, b: b.predictions.length },
    ...powerOf(runsOf(first, value), runsOf(second, value), clustersOf(first, benchmark)),
    mcnemar: measure.kind === 'accuracy' ? seedBySeed([a, first], [b, second], value) : [],
  };
}

/** Computes the power of a comparison. If the arms have different numbers of runs, the larger number is used. */
function powerOf(a: Runs, b: Runs, clusters: readonly string[]): Pick<PairedTest, 'power'> {
  const seeds = Math.max(a.length, b.length);
  if (seeds < 2) return {};
  const variances = variancesOf(a, b, clusters);
  return { power: { detectable: detectableDifference(variances, { seeds, photoRatio: 1 }), variances } };
}

/**
 * Pairs the runs of two arms by seed. If one arm has a single run, this run is paired with every run of the other arm.
 */
function seedBySeed(
  [a, first]: readonly [TestedArm, Predictions],
  [b, second]: readonly [TestedArm, Predictions],
  value: (line: PredictionLine) => number,
): PairedTest['mcnemar'] {
  return Array.from({ length: Math.max(first.length, second.length) }, (_, i) => {
    const [left, right] = [first[first.length === 1 ? 0 : i], second[second.length === 1 ? 0 : i]];
    if (left === undefined || right === undefined) return [];
    const onlyA = left.filter((line, k) => value(line) === 1 && value(right[k]!) === 0).length;
    const onlyB = left.filter((line, k) => value(line) === 0 && value(right[k]!) === 1).length;
    const seed = (second.length === 1 ? a.seeds[i] : b.seeds[i]) ?? null;
    return [{ seed, onlyA, onlyB, p: mcnemarExact(onlyA, onlyB) }];
  }).flat();
}
