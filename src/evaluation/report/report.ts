/**
 * All results for one set of predictions, as one object. `globe score` prints it as JSON; the terminal, Markdown and
 * HTML formats are created from it. Percentages and kilometres are rounded here; `hits` and `n` stay exact.
 */
import type { Interval, Proportion } from '../../core/statistics/index.ts';
import type { Provenance } from '../../gazetteer/gazetteer.ts';
import { breakDown } from '../breakdown.ts';
import type { Breakdown } from '../breakdown.ts';
import { calibrate } from '../calibration.ts';
import type { Calibration } from '../calibration.ts';
import { measure } from '../metrics.ts';
import type { Accuracy, Counts, Metrics } from '../metrics.ts';
import type { MeasuredOutcome } from '../outcome.ts';
import { protocolOf } from '../protocol.ts';
import type { Making, Protocol } from '../protocol.ts';
import type { ScoredFile } from '../score-file.ts';
import { THRESHOLDS_KM } from '../thresholds.ts';

/** A share in percent with its 95 % interval. */
export type Share = {
  readonly percent: number;
  readonly low: number;
  readonly high: number;
  readonly hits: number;
  readonly n: number;
};

export type AccuracyShare = Share & { readonly byOwner?: { readonly low: number; readonly high: number } };

export type Summary = { readonly n: number } & Counts & {
    /** Accuracy by threshold. The keys are km as text: "1", "25", "200", "750", "2500". */
    readonly accuracy: Readonly<Record<string, AccuracyShare>>;
    readonly medianKm: number | null;
    readonly meanKm: number | null;
    readonly geoScore: number;
    readonly countryMatch: Share | null;
    readonly cityMatch: Share | null;
  };

export type GroupSummary = { readonly group: string } & Summary;

export type Report = Summary & {
  readonly protocol: Protocol;
  readonly noTruth: number;
  readonly missing: number;
  readonly recordedFailures: number;
  readonly breakdown: Readonly<Partial<Record<keyof Breakdown, readonly GroupSummary[]>>>;
  readonly calibration: Calibration | null;
  /** The reasons why rows have no position, most frequent first. */
  readonly reasons: readonly { readonly kind: string; readonly reason: string; readonly n: number }[];
};

const MAX_REASONS = 50;

export type ReportFacts = { readonly geocoder: Provenance; readonly making?: Making };

/**
 * Creates the report of scored predictions: shares in percent with 95 % intervals, distances in km.
 *
 * @example
 * const report = reportOf(scored, { geocoder: gazetteer.provenance });
 */
export function reportOf({ outcomes, reading }: ScoredFile, facts: ReportFacts): Report {
  const metrics = measure(outcomes)!;
  return {
    ...summaryOf(metrics),
    protocol: protocolOf(reading, { ...facts, n: metrics.n, clustered: metrics.accuracy[25].byOwner !== undefined }),
    noTruth: reading.noTruth,
    missing: reading.missingRows,
    recordedFailures: reading.recordedFailures,
    breakdown: summarizeGroups(breakDown(outcomes)),
    calibration: calibrate(outcomes) ?? null,
    reasons: reasonsOf(outcomes),
  };
}

function summaryOf(metrics: Metrics): Summary {
  const { n, answered, refused, unparseable, notGeocodable, failed } = metrics;
  return {
    n,
    answered,
    refused,
    unparseable,
    notGeocodable,
    failed,
    accuracy: Object.fromEntries(THRESHOLDS_KM.map((km) => [String(km), accuracyShare(metrics.accuracy[km])])),
    medianKm: metrics.medianKm === undefined ? null : round(metrics.medianKm, 3),
    meanKm: metrics.meanKm === undefined ? null : round(metrics.meanKm, 3),
    geoScore: round(metrics.geoScore, 1),
    countryMatch: metrics.countryMatch === undefined ? null : share(metrics.countryMatch),
    cityMatch: metrics.cityMatch === undefined ? null : share(metrics.cityMatch),
  };
}

function summarizeGroups(breakdown: Breakdown): Report['breakdown'] {
  return Object.fromEntries(
    Object.entries(breakdown).map(([name, groups]) => [
      name,
      groups.map(({ group, metrics }) => ({ group, ...summaryOf(metrics) })),
    ]),
  );
}

function reasonsOf(outcomes: readonly MeasuredOutcome[]): Report['reasons'] {
  const counts = new Map<string, { kind: string; reason: string; n: number }>();
  for (const { outcome } of outcomes) {
    if (outcome.kind === 'located') continue;
    const key = `${outcome.kind}\n${outcome.reason}`;
    const entry = counts.get(key) ?? { kind: outcome.kind, reason: outcome.reason, n: 0 };
    entry.n += 1;
    counts.set(key, entry);
  }
  return [...counts.values()].sort((a, b) => b.n - a.n).slice(0, MAX_REASONS);
}

function accuracyShare(accuracy: Accuracy): AccuracyShare {
  return { ...share(accuracy), ...(accuracy.byOwner !== undefined && { byOwner: bounds(accuracy.byOwner) }) };
}

function share({ value, low, high, hits, n }: Proportion): Share {
  return { percent: round(100 * value, 2), ...bounds({ low, high }), hits, n };
}

function bounds({ low, high }: Interval): { low: number; high: number } {
  return { low: round(100 * low, 2), high: round(100 * high, 2) };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
