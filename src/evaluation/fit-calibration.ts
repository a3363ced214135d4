/**
 * Fits a calibration on an evaluated run: isotonic regression from the support of an answer to the share of right
 * answers, for country, region and city. Half of the photos check the curve and are not fitted on.
 */
import { invalidInput } from '../core/errors.ts';
import { seedFrom } from '../core/random.ts';
import { isotonicSteps, mean, quantile } from '../core/statistics/index.ts';
import { LEVELS } from '../locator/ballot.ts';
import type { Level } from '../locator/ballot.ts';
import { calibratedLocation } from '../locator/calibration.ts';
import type { Calibration, LevelCalibration } from '../locator/calibration.ts';
import type { LevelShares } from '../locator/locator.ts';
import type { MeasuredOutcome } from './outcome.ts';

/** One photo: what the answer's support was, and how it turned out. */
export type CalibrationPhoto = {
  readonly measured: MeasuredOutcome;
  readonly support: LevelShares;
};

export type FitOptions = {
  readonly settings: Calibration['settings'];
  /** Draws the halves. Photos of one owner are in the same half. */
  readonly seed?: number;
};

/** Number of bins of equal mass for the expected calibration error. */
const BINS = 15;
/** Each step of a curve rests on at least this many photos. */
const MIN_STEP_PHOTOS = 20;
/** A level with fewer photos in either half is left out. */
const MIN_PHOTOS = 50;
const RADIUS_SHARE = 0.8;
const RADIUS_BINS = 4;
const REGION_KM = 200;
const COUNTRY_KM = 750;
const CITY_KM = 25;

/**
 * Fits all levels that enough answers name. Throws `invalid-input` if there are none, for example because the run has
 * one sample per photo and the model states no confidence.
 *
 * @example
 * const { levels } = fitCalibration(photos, { settings: { model: 'qwen', samples: 5 } });
 */
export function fitCalibration(photos: readonly CalibrationPhoto[], { settings, seed = 0 }: FitOptions): Calibration {
  const isFitted = ({ measured }: CalibrationPhoto): boolean =>
    (seedFrom(`${seed}:${measured.author ?? measured.id}`) >>> 16) % 2 === 0;
  const halves = Map.groupBy(photos, isFitted);
  const [fitted, heldOut] = [halves.get(true) ?? [], halves.get(false) ?? []];
  const curves = Object.fromEntries(
    LEVELS.flatMap((level) => {
      const own = pointsOf(fitted, level);
      if (own.length < MIN_PHOTOS || pointsOf(heldOut, level).length < MIN_PHOTOS) return [];
      const curve = isotonicSteps(own, { minPoints: MIN_STEP_PHOTOS });
      return [[level, { n: own.length, curve, radii: [{ minProbability: 0, radiusKm: 1, n: 1 }], heldOut: NO_CHECK }]];
    }),
  ) as Calibration['levels'];
  if (Object.keys(curves).length === 0) {
    throw invalidInput(
      `Too few answers to calibrate: each half needs ${MIN_PHOTOS} located photos with a support.`,
      'Evaluate more photos, with --samples 5 or a model that states its confidence.',
    );
  }
  const draft: Calibration = { format: 1, settings, levels: curves };
  const levels = Object.entries(curves).map(([name, level]) => {
    const key = name as Level;
    return [key, { ...level, radii: radiiOf(fitted, key, draft), heldOut: checkOf(heldOut, key, draft) }];
  });
  return { ...draft, levels: Object.fromEntries(levels) as Calibration['levels'] };
}

const NO_CHECK: LevelCalibration['heldOut'] = { n: 0, errorBefore: 0, error: 0 };

/** Support (x) and rightness (y) of the photos whose answer names the level. */
function pointsOf(photos: readonly CalibrationPhoto[], level: Level): { x: number; y: number }[] {
  return photos.flatMap(({ measured, support }) => {
    const x = support[level];
    return x === undefined ? [] : [{ x, y: Number(isRight(measured, level)) }];
  });
}

/** A country is right if it is the true one, a region within 200 km and a city within 25 km. */
function isRight({ distanceKm = Infinity, countryMatch }: MeasuredOutcome, level: Level): boolean {
  if (level === 'country') return countryMatch ?? distanceKm <= COUNTRY_KM;
  return distanceKm <= (level === 'region' ? REGION_KM : CITY_KM);
}

function probabilityOf(support: LevelShares, level: Level, calibration: Calibration): number {
  const location = { kind: 'located', reasoning: '', samples: [], support } as const;
  return calibratedLocation(location, { calibration }).probability![level]!;
}

function checkOf(
  photos: readonly CalibrationPhoto[],
  level: Level,
  calibration: Calibration,
): LevelCalibration['heldOut'] {
  const named = photos.filter(({ support }) => support[level] !== undefined);
  const right = named.map(({ measured }) => Number(isRight(measured, level)));
  const before = named.map(({ support }) => support[level]!);
  const after = named.map(({ support }) => probabilityOf(support, level, calibration));
  return { n: named.length, errorBefore: equalMassError(before, right), error: equalMassError(after, right) };
}

/**
 * Expected calibration error: photos are sorted by probability and cut into 15 bins of equal size; the result is the
 * mean of |share of right answers − mean probability|, weighted by size.
 */
export function equalMassError(probabilities: readonly number[], right: readonly number[], bins = BINS): number {
  const order = probabilities.map((_, i) => i).toSorted((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  const n = order.length;
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const members = order.slice(Math.floor((bin * n) / bins), Math.floor(((bin + 1) * n) / bins));
    if (members.length === 0) continue;
    const gap = mean(members.map((i) => right[i]!))! - mean(members.map((i) => probabilities[i]!))!;
    error += (members.length / n) * Math.abs(gap);
  }
  return error;
}

/** Returns the radius that holds 80 % of the photos, in up to four groups of equal size by rising probability. */
function radiiOf(
  photos: readonly CalibrationPhoto[],
  level: Level,
  calibration: Calibration,
): LevelCalibration['radii'] {
  const located = photos
    .filter(({ support, measured }) => support[level] !== undefined && measured.distanceKm !== undefined)
    .map(({ support, measured }) => ({
      probability: probabilityOf(support, level, calibration),
      distanceKm: measured.distanceKm!,
    }))
    .sort((a, b) => a.probability - b.probability);
  const groups = Math.max(1, Math.min(RADIUS_BINS, Math.floor(located.length / MIN_PHOTOS)));
  const radii = Array.from({ length: groups }, (_, i) => {
    const members = located.slice(
      Math.floor((i * located.length) / groups),
      Math.floor(((i + 1) * located.length) / groups),
    );
    const distances = members.map(({ distanceKm }) => distanceKm).toSorted((a, b) => a - b);
    return {
      minProbability: i === 0 ? 0 : members[0]!.probability,
      radiusKm: Math.max(1, Math.round(quantile(distances, RADIUS_SHARE)!)),
      n: members.length,
    };
  });
  // Photos of one probability can fill several groups, in any order. The first of these groups stands for all.
  return radii.filter(({ minProbability }, i) => i === 0 || minProbability > radii[i - 1]!.minProbability);
}
