/** Expected distances are computed by hand: one degree of the equator is 6371.0088 · π / 180 = 111.19508 km. */
import { describe, expect, it } from 'vitest';
import { fakeGazetteer } from '../../test/support/fake-gazetteer.ts';
import type { Place } from '../core/place.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import { type DistanceShape, geoDistance, shapedValue, tauAt } from './geo-distance.ts';

const { signal } = new AbortController();
const at = (latitudeDegrees: number, longitudeDegrees: number) => ({ latitudeDegrees, longitudeDegrees });
const says = (country: string, city: string): string => locateTarget({ reasoning: 'Clues.', country, city });
const paris: Place = { country: 'France', city: 'Paris' };

async function scoreOf(
  completion: string,
  { truth = paris, coordinate, shape }: { truth?: Place; coordinate?: ReturnType<typeof at>; shape?: DistanceShape },
) {
  const row = { id: '1', completion, truth, ...(coordinate && { truthCoordinate: coordinate }) };
  return (await geoDistance(fakeGazetteer, shape && { shape }).score([row], { signal }))[0]!;
}

describe('geoDistance', () => {
  it.each([
    ['0.0, 0.0', 0, 1],
    ['0.0, 1.0', 111.19508, 0.9282143576],
    ['0.0, 10.0', 1111.9508, 0.4747695072],
    ['0.0, 90.0', 10007.55722, 0.0012255904],
  ])('is exp(−d/τ) with τ = 1492.7 km by default: %s is %d km away', async (answer, km, expected) => {
    expect(await scoreOf(`<answer>${answer}</answer>`, { coordinate: at(0, 0) })).toEqual({
      kind: 'scored',
      value: expect.closeTo(expected, 8),
      detail: { answer: 'coordinate', distanceKm: expect.closeTo(km, 3) },
    });
  });

  it('uses the shape in its options', async () => {
    const shape: DistanceShape = { kind: 'exponential', tauKm: 111.1950802335 };
    expect(await scoreOf('<answer>0.0, 1.0</answer>', { coordinate: at(0, 0), shape })).toMatchObject({
      value: expect.closeTo(Math.exp(-1), 8),
    });
    expect(geoDistance(fakeGazetteer, { shape: { kind: 'steps', steps: [[1, 1]] } }).name).toBe(
      'accuracy/distance/steps',
    );
  });

  it('has distance 0 for the right city, wherever the photo is in it', async () => {
    expect(await scoreOf(says('France', 'Paris'), { coordinate: at(49, 3) })).toMatchObject({
      value: 1,
      detail: { answer: 'place', granularity: 'city', city: true, distanceKm: expect.closeTo(50.31, 1) },
    });
  });

  it('measures another city from the position of the photo, else from that of its city', async () => {
    // Versailles is at 48.8036, 2.1342 and Paris at 48.8534, 2.3488. They are 16.65 km apart, so the reward is
    // exp(−16.65 / 1492.7).
    expect(await scoreOf(says('France', 'Versailles'), {})).toMatchObject({
      value: expect.closeTo(0.9889, 4),
      detail: { city: false, distanceKm: expect.closeTo(16.65, 1) },
    });
    expect(await scoreOf(says('France', 'Versailles'), { coordinate: at(48.8036, 2.1342) })).toMatchObject({
      value: 1,
      detail: { city: false },
    });
  });

  it.each<[string, Place]>([
    ['names a country alone, whose middle is not where the photo was taken', { country: 'France' }],
    ['is in no gazetteer', { country: 'Nowhereland', city: 'Nowhere' }],
  ])('is unscored where the truth has no position and %s', async (_, truth) => {
    expect(await scoreOf(says('France', 'Paris'), { truth })).toMatchObject({
      kind: 'unscored',
      reason: `the truth has no position: ${JSON.stringify(truth)}`,
    });
  });

  it.each([
    ['a place that is not found', says('Nowhereland', 'Nowhere'), { answer: 'place', notFound: expect.any(String) }],
    ['a refusal', says('Unknown', 'Unknown'), { answer: 'refusal' }],
    ['an unreadable text', '<think>Brick', { answer: expect.stringContaining('unparseable: ') }],
  ])('is 0 for %s', async (_, completion, detail) => {
    expect(await scoreOf(completion, {})).toMatchObject({ kind: 'scored', value: 0, detail });
  });
});

describe('shapedValue', () => {
  it.each([
    [0, 1],
    [25, 0.8],
    [25.1, 0.5],
    [200, 0.5],
    [200.1, 0],
  ])('by steps is at %d km %d: a threshold belongs to its step, and beyond the last is 0', (km, expected) => {
    const steps = [
      [1, 1],
      [25, 0.8],
      [200, 0.5],
    ] as const;
    expect(shapedValue({ kind: 'steps', steps }, km)).toBe(expected);
  });

  it.each([
    [0, 1],
    [10, 1],
    [20, 0.75],
    [30, 0.5],
    [65, 0.35],
    [100, 0.2],
    [500, 0.2],
  ])('by straight lines is at %d km %d, and flat outside the points', (km, expected) => {
    const points = [
      [10, 1],
      [30, 0.5],
      [100, 0.2],
    ] as const;
    expect(shapedValue({ kind: 'piecewise-linear', points }, km)).toBeCloseTo(expected, 12);
  });
});

describe('tauAt', () => {
  it.each([
    [0, 1000],
    [0.5, 100],
    [1, 10],
  ])('at progress %d is %d km of 1000 to 10: equal factors', (progress, km) => {
    expect(tauAt({ startKm: 1000, endKm: 10, progress })).toBeCloseTo(km, 9);
  });

  it.each([-0.1, 1.5, Number.NaN])('refuses progress %d', (progress) => {
    expect(() => tauAt({ startKm: 1, endKm: 1, progress })).toThrow(String(progress));
  });
});

it('rejects an unknown shape', () => {
  expect(() => shapedValue({ kind: 'cosine' } as never, 1)).toThrow('cosine');
});
