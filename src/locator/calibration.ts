/**
 * Calibrated confidence: turns the support of an answer into the probability that its country, region and city are
 * right, and answers at the finest level that is sure enough. `globe calibrate` fits a calibration on an evaluated run.
 */
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { atIsotonic } from '../core/statistics/index.ts';
import { readJson } from '../storage/read-document.ts';
import { LEVELS } from './ballot.ts';
import type { Level } from './ballot.ts';
import { coarsened } from './coarsened.ts';
import type { LevelShares, Location, Locator } from './locator.ts';

const share = z.number().min(0).max(1);
const check = z.object({
  n: z.number(),
  /** Expected calibration error over bins of equal mass, before and after the calibration. */
  errorBefore: z.number(),
  error: z.number(),
});
const levelSchema = z.object({
  /** Number of photos that the curve is fitted on. */
  n: z.number(),
  /** Steps of the isotonic regression from support to probability. */
  curve: z.array(z.object({ x: z.number(), y: share, n: z.number() })).min(1),
  /** Errors that 80 % of the photos were within, by rising probability. */
  radii: z.array(z.object({ minProbability: share, radiusKm: z.number().positive(), n: z.number() })).min(1),
  /** The curve on photos that it was not fitted on. */
  heldOut: check,
});

const calibrationSchema = z.object({
  format: z.literal(1, { error: 'the file is from another version of GLOBE' }),
  /** The settings of the evaluated run. They must be those of the locator that uses the calibration. */
  settings: z.object({ model: z.string(), prompt: z.string().exactOptional(), samples: z.number().exactOptional() }),
  levels: z.object({
    country: levelSchema.exactOptional(),
    region: levelSchema.exactOptional(),
    city: levelSchema.exactOptional(),
  }),
});

export type Calibration = z.infer<typeof calibrationSchema>;
export type LevelCalibration = z.infer<typeof levelSchema>;

/** Reads a calibration. Throws `not-found` or `invalid-input`. */
export async function readCalibration(path: string): Promise<Calibration> {
  return readJson(path, { name: 'calibration', schema: calibrationSchema, hint: 'Write it with globe calibrate RUN.' });
}

/** Throws `invalid-input` if the locator's settings differ from those that the calibration was fitted on. */
export function assertCalibrationOf(
  { settings }: Calibration,
  now: { readonly model: string; readonly prompt?: string; readonly samples?: number },
): void {
  const differs = (['model', 'prompt', 'samples'] as const).filter(
    (key) => (settings[key] ?? null) !== (now[key] ?? null),
  );
  if (differs.length === 0) return;
  const words = differs.map((key) => `${key} was ${settings[key] ?? 'none'}, is now ${now[key] ?? 'none'}`);
  throw invalidInput(
    `The calibration is for another locator: ${words.join('; ')}.`,
    'Use the settings of the evaluated run, or evaluate this locator and run globe calibrate again.',
  );
}

export type CalibrateOptions = {
  readonly calibration: Calibration;
  /** Answer at the finest level with at least this probability, and decline if no level reaches it. */
  readonly confidence?: number;
};

/**
 * Wraps a locator, so that its answers carry calibrated probabilities. Levels that are not sure enough are left out.
 *
 * @example
 * const careful = calibratedLocator(locator, { calibration: await readCalibration('calibration.json'), confidence: 0.8 });
 */
export function calibratedLocator<L extends Locator>(locator: L, options: CalibrateOptions): L {
  return {
    ...locator,
    locate: async (image, request) => calibratedLocation(await locator.locate(image, request), options),
  };
}

/** Adds the probabilities to one location, and coarsens it or declines. A location without a place is unchanged. */
export function calibratedLocation(location: Location, { calibration, confidence }: CalibrateOptions): Location {
  if (location.kind !== 'located') return location;
  const probability = probabilitiesOf(location.support ?? {}, calibration);
  const named = LEVELS.filter((level) => probability[level] !== undefined);
  const finest = named[0];
  if (finest === undefined) {
    if (confidence === undefined) return location;
    return declined(location, 'the answer names no place that the calibration knows');
  }
  const level = confidence === undefined ? finest : named.find((candidate) => probability[candidate]! >= confidence);
  if (level === undefined) {
    const words = named.map((candidate) => `${candidate} ${probability[candidate]!.toFixed(2)}`);
    return { ...declined(location, `no level reaches the confidence ${confidence}: ${words.join(', ')}`), probability };
  }
  const { place, granularity, spreadKm } = location;
  const isFinest = level === finest;
  return {
    ...location,
    ...(place !== undefined && { place: isFinest ? place : coarsened(place, level) }),
    ...(!isFinest && { granularity: level }),
    ...(isFinest && granularity !== undefined && { granularity }),
    confidence: probability[level]!,
    probability,
    radiusKm: radiusAt(calibration.levels[level]!, probability[level]!),
    ...(isFinest && defined({ spreadKm })),
  };
}

/** A right city implies the right region and country, so a coarser level is at least as probable. */
function probabilitiesOf(support: LevelShares, { levels }: Calibration): LevelShares {
  let floor = 0;
  const entries = LEVELS.flatMap((level): [Level, number][] => {
    const curve = levels[level]?.curve;
    const value = support[level];
    if (curve === undefined || value === undefined) return [];
    floor = Math.max(floor, atIsotonic(curve, value)!);
    return [[level, floor]];
  });
  return Object.fromEntries(entries);
}

const radiusAt = ({ radii }: LevelCalibration, probability: number): number =>
  (radii.findLast(({ minProbability }) => probability >= minProbability) ?? radii[0]!).radiusKm;

/** Keeps samples, alternatives and reasons, so that a person can still judge the photo. */
function declined(location: Location, reason: string): Location {
  const { reasoning, samples, alternatives, agreement, support, usage } = location;
  return { kind: 'refused', reasoning, reason, samples, ...defined({ alternatives, agreement, support, usage }) };
}
