/** Formats numbers for readers, in the same way for every format of the report. */
import { LEVELS, THRESHOLDS_KM } from '../thresholds.ts';
import type { GroupSummary, Report, Share, Summary } from './report.ts';

export const THRESHOLD_HEADS = THRESHOLDS_KM.map((km) => ({
  km: `${km.toLocaleString('en-US')} km`,
  level: LEVELS[km],
}));

/** Formats a share in [0, 1] as a percentage with one decimal. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/**
 * Formats a share as a percentage with one decimal. It uses the exact counts, because the share's `percent` is already
 * rounded.
 */
export function shortPercent({ hits, n }: Pick<Share, 'hits' | 'n'>): string {
  return percent(hits / n);
}

/** Formats a value with its interval: "41.35 [39.57, 43.15]". */
export function withInterval({ percent: value, low, high }: { percent: number; low?: number; high?: number }): string {
  return low === undefined || high === undefined
    ? value.toFixed(2)
    : `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

export function shareWords(share: Share | null): string {
  return share === null ? 'unknown' : `${withInterval(share)} % of ${share.n.toLocaleString('en-US')}`;
}

export function kilometres(value: number | null): string {
  if (value === null) return 'none';
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')} km`;
}

export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** Returns the number of rows with each outcome and its label, in report order. */
export function countsOf(summary: Summary): readonly { readonly label: string; readonly n: number }[] {
  return [
    { label: 'answered', n: summary.answered },
    { label: 'refused', n: summary.refused },
    { label: 'unparseable', n: summary.unparseable },
    { label: 'not geocodable', n: summary.notGeocodable },
    { label: 'failed', n: summary.failed },
  ];
}

/** Returns the lines of the protocol with their labels, in report order. */
export function protocolLines({
  protocol,
}: Pick<Report, 'protocol'>): readonly { readonly label: string; readonly text: string }[] {
  return [
    { label: 'Predictions', text: protocol.file },
    ...(protocol.truthFile === undefined ? [] : [{ label: 'Truth', text: protocol.truthFile }]),
    { label: 'Columns', text: protocol.columnsRead },
    { label: 'Read from', text: protocol.from },
    { label: 'Geocoder', text: protocol.geocoder },
    { label: 'Denominator', text: protocol.denominator },
    { label: 'Failures', text: protocol.failures },
    { label: 'Distance', text: protocol.distance },
    { label: 'Intervals', text: protocol.intervals },
    { label: 'Median, mean', text: protocol.medianAndMean },
    { label: 'GeoScore', text: protocol.geoScore },
    { label: 'Place match', text: protocol.placeMatch },
    ...protocol.notes.map((text) => ({ label: 'Note', text })),
  ];
}

export const GROUPINGS = [
  { key: 'scene', title: 'By scene', most: 10 },
  { key: 'continent', title: 'By continent', most: 10 },
  { key: 'country', title: 'By country', most: 15 },
] as const;

/** Returns the largest groups, and the number of other groups. */
export function largest(
  groups: readonly GroupSummary[],
  most: number,
): { shown: readonly GroupSummary[]; more: number } {
  return { shown: groups.slice(0, most), more: Math.max(0, groups.length - most) };
}
