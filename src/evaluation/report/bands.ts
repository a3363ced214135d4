/** The seven classes of predictions on a map: six distance bands, and predictions without a position. */
import type { MeasuredOutcome } from '../outcome.ts';
import { LEVELS, THRESHOLDS_KM } from '../thresholds.ts';

export type Band = {
  /** Last part of the colour's name in the page's CSS: --band-0 (nearest) to --band-5, and --band-none. */
  readonly key: string;
  readonly label: string;
};

export const BANDS: readonly Band[] = [
  ...THRESHOLDS_KM.map((km, index) => ({
    key: String(index),
    // Each photo is in one band only, so the label gives both limits. "Within 25 km" would also include the nearer
    // band.
    label: `${index === 0 ? 'up to' : `${THRESHOLDS_KM[index - 1]!.toLocaleString('en-US')} to`} ${km.toLocaleString('en-US')} km (${LEVELS[km]})`,
  })),
  { key: '5', label: 'farther' },
  { key: 'none', label: 'no position' },
];

export function bandOf({ distanceKm }: MeasuredOutcome): Band {
  if (distanceKm === undefined) return BANDS.at(-1)!;
  const index = THRESHOLDS_KM.findIndex((km) => distanceKm <= km);
  return BANDS[index === -1 ? THRESHOLDS_KM.length : index]!;
}
