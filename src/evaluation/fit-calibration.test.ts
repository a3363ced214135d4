import { describe, expect, it } from 'vitest';
import { random } from '../core/random.ts';
import { calibratedLocation } from '../locator/calibration.ts';
import type { Location } from '../locator/locator.ts';
import { equalMassError, fitCalibration } from './fit-calibration.ts';
import type { CalibrationPhoto } from './fit-calibration.ts';

const settings = { model: 'm', samples: 5 };

/** Photos whose city is right with the square of the support's share, and whose country is right more often. */
function photos(count: number): CalibrationPhoto[] {
  const generator = random(7);
  return Array.from({ length: count }, (_, i) => {
    const city = (1 + generator.integer(5)) / 5;
    const isCity = generator.integer(1000) < 1000 * city ** 2;
    const isCountry = isCity || generator.integer(1000) < 600;
    const truth = { coordinate: { latitudeDegrees: 0, longitudeDegrees: 0 } };
    return {
      support: { city, country: city },
      measured: {
        id: `photo-${i}`,
        truth,
        outcome: { kind: 'located', coordinate: truth.coordinate },
        distanceKm: isCity ? 5 : isCountry ? 400 : 4000,
        countryMatch: isCountry,
      },
    };
  });
}

const calibration = fitCalibration(photos(8000), { settings });

const located = (city: number): Location => ({
  kind: 'located',
  place: { country: 'France', countryCode: 'FR', region: 'Normandie', city: 'Rouen' },
  coordinate: { latitudeDegrees: 49.4, longitudeDegrees: 1.1 },
  granularity: 'city',
  reasoning: '',
  samples: [],
  support: { city, country: city },
});

describe('fitCalibration', () => {
  it('finds the probability behind the support, and checks it on other photos', () => {
    const { city, country } = calibration.levels;
    expect(city!.curve.map(({ x }) => x)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    for (const { x, y } of city!.curve) expect(y).toBeCloseTo(x ** 2, 1);
    expect(city!.heldOut).toMatchObject({ n: 8000 - city!.n });
    expect(city!.heldOut.errorBefore).toBeGreaterThan(0.1);
    for (const level of [city!, country!]) expect(level.heldOut.error).toBeLessThan(0.03);
    expect(calibration.levels.region).toBeUndefined();
  });

  it('states the radius that holds 80 % of the photos', () => {
    const { radii } = calibration.levels.city!;
    expect(radii[0]).toMatchObject({ minProbability: 0 });
    expect(radii.at(-1)!.radiusKm).toBe(5);
    expect(radii[0]!.radiusKm).toBeGreaterThan(radii.at(-1)!.radiusKm);
  });

  it('needs enough photos with a support', () => {
    expect(() => fitCalibration(photos(60), { settings })).toThrow('Too few answers to calibrate');
    const silent = photos(400).map((photo) => ({ ...photo, support: {} }));
    expect(() => fitCalibration(silent, { settings })).toThrow('Too few answers to calibrate');
  });
});

describe('a calibrated location', () => {
  it('is the finest level that is sure enough, or declined', () => {
    expect(calibratedLocation(located(1), { calibration, confidence: 0.9 })).toMatchObject({
      kind: 'located',
      granularity: 'city',
      place: { city: 'Rouen' },
      radiusKm: 5,
    });
    const coarse = calibratedLocation(located(0.6), { calibration, confidence: 0.7 });
    expect(coarse).toMatchObject({ kind: 'located', granularity: 'country', place: { country: 'France' } });
    expect(coarse.place).not.toHaveProperty('city');
    expect(coarse.confidence).toBe(coarse.probability!.country);
    expect(calibratedLocation(located(0.2), { calibration, confidence: 0.99 })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^no level reaches the confidence 0\.99: city 0\.0\d, country 0\.\d\d$/),
    });
  });

  it('without a threshold only states the probabilities, which rise with the level', () => {
    for (const share of [0.2, 0.4, 0.6, 0.8, 1]) {
      const { kind, granularity, probability } = calibratedLocation(located(share), { calibration });
      expect({ kind, granularity }).toEqual({ kind: 'located', granularity: 'city' });
      expect(probability!.country).toBeGreaterThanOrEqual(probability!.city!);
    }
  });
});

it('measures the calibration error over bins of equal mass', () => {
  expect(equalMassError([0.5, 0.5, 0.9, 0.9], [1, 0, 1, 1], 2)).toBeCloseTo(0.05, 12);
  expect(equalMassError([0.2, 0.2], [1, 1], 15)).toBeCloseTo(0.8, 12);
});
