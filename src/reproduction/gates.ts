/**
 * The gates of a base: conditions that its probe results on validation photos must meet before the test world is drawn.
 * They show that the base sees and knows enough, and that its greedy answers can still be improved by fine-tuning.
 */
import type { Plan } from './plan-schema.ts';
import type { ProbeReport, Share } from './probe/probe.ts';

export type Gate = {
  readonly name: keyof GateLimits;
  /** Describes what the gate measures. */
  readonly label: string;
  readonly value: number;
  readonly limit: number;
  readonly passed: boolean;
};

type GateLimits = Omit<NonNullable<Plan['gates']>, 'photos' | 'samples' | 'seed'>;

const LABELS: Readonly<Record<keyof GateLimits, string>> = {
  toldCountry: 'right country, told the visible cues',
  followedCues: 'follows another photo’s cues',
  cueRecall: 'visible cues named in descriptions',
  landmarkRecall: 'visible landmarks named in descriptions',
  majorityOverGreedy: 'majority of the samples minus greedy, within 25 km',
  idealOverGreedy: 'ideal observer minus greedy, within 25 km',
};

/**
 * Compares a probe report with the limits. Throws a RangeError if a value is undefined because no photo shows the
 * things that it counts.
 */
export function gatesOf(report: ProbeReport, limits: GateLimits): Gate[] {
  const greedy = valueOf(report.greedy);
  const values: Readonly<Record<keyof GateLimits, number>> = {
    toldCountry: valueOf(report.toldCountry),
    followedCues: valueOf(report.followedCues),
    cueRecall: valueOf(report.cueRecall),
    landmarkRecall: valueOf(report.landmarkRecall),
    majorityOverGreedy: valueOf(report.majority) - greedy,
    idealOverGreedy: valueOf(report.ideal) - greedy,
  };
  return (Object.keys(LABELS) as (keyof GateLimits)[]).map((name) => ({
    name,
    label: LABELS[name],
    value: values[name],
    limit: limits[name],
    passed: values[name] >= limits[name],
  }));
}

function valueOf(share: Share): number {
  if (share === undefined) throw new RangeError('A probe has no photos: use more validation photos.');
  return share.value;
}

/** Formats one line per gate: "passed right country, told the visible cues: 93.1 % (at least 90.0 %)". */
export const gateLines = (gates: readonly Gate[]): string[] =>
  gates.map(({ label, value, limit, passed }) => {
    const [percent, least] = [value, limit].map((share) => `${(100 * share).toFixed(1)} %`);
    return `${passed ? 'passed' : 'failed'}  ${label}: ${percent} (at least ${least})`;
  });
