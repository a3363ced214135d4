import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '../core/defined.ts';
import { holmAdjusted } from '../core/statistics/index.ts';
import { compare } from './compare.ts';
import type { MeasuredOutcome } from './outcome.ts';

const truth = { coordinate: { latitudeDegrees: 10, longitudeDegrees: 20 } };

/** Creates a run over photos a, b, c … with these errors in km. Undefined means that the model refused. */
function run(name: string, distances: readonly (number | undefined)[], authors?: readonly string[]) {
  const outcomes = distances.map((distanceKm, i): MeasuredOutcome => ({
    id: String.fromCodePoint(97 + i),
    truth,
    outcome:
      distanceKm === undefined ? { kind: 'refused', reason: '' } : { kind: 'located', coordinate: truth.coordinate },
    ...defined({ distanceKm }),
    ...(authors !== undefined && { author: authors[i]! }),
  }));
  return { name, outcomes };
}

describe('compare', () => {
  it('counts the photos that only one method places', () => {
    const { thresholds, n } = compare(run('x', [0, 10, 100, undefined]), run('y', [0, 100, 10, 10]));
    const [, city] = thresholds;
    expect(n).toBe(4);
    // Run x locates photos a and b within 25 km. Run y locates a, c and d.
    expect(city).toMatchObject({ thresholdKm: 25, onlyFirst: 1, onlySecond: 2, differencePoints: 25, p: 1 });
  });

  it('finds no difference between a run and itself', () => {
    const distances = [1, 30, undefined, 5000];
    const { thresholds, geoScore } = compare(run('x', distances), run('y', distances));
    for (const test of thresholds) expect(test).toMatchObject({ differencePoints: 0, low: 0, high: 0, p: 1 });
    expect(geoScore).toEqual({ difference: 0, low: 0, high: 0 });
  });

  it('compares the photos in both runs, by file name, and counts the others', () => {
    const first = run('x', [1, 2, 3]);
    const second = {
      name: 'y',
      outcomes: run('y', [1, 2]).outcomes.map((o) => ({ ...o, id: `photos/${o.id}` })),
    };
    expect(compare(first, second)).toMatchObject({ n: 2, onlyInFirst: 1, onlyInSecond: 0 });
  });

  it('does not pair photos of different folders by the same file name', () => {
    const named = (name: string, ids: readonly string[]) => ({
      name,
      outcomes: run(name, ids.map(Number)).outcomes.map((o, i) => ({ ...o, id: ids[i]! })),
    });
    expect(compare(named('x', ['a/1', 'b/1']), named('y', ['b/1', 'a/1']))).toMatchObject({ n: 2, onlyInFirst: 0 });
    expect(() => compare(named('x', ['1']), named('y', ['a/1', 'b/1']))).toThrow('no photo in common');
    expect(() => compare(named('x', ['a/1', 'b/1']), named('y', ['1']))).toThrow('Two photos of the first run');
    expect(() => compare(named('x', ['1', '1']), named('y', ['1']))).toThrow('x has the photo "1" twice.');
  });

  it('resamples owners if photos have them', () => {
    expect(compare(run('x', [1, 2, 3], ['o', 'o', 'p']), run('y', [1, 2, 3])).resampled).toBe('owners');
    expect(compare(run('x', [1, 2, 3]), run('y', [1, 2, 3])).resampled).toBe('photos');
  });

  it('flips the signs of whole owners, not of photos', () => {
    const [better, worse] = [Array<number>(6).fill(1), Array<number>(6).fill(9000)];
    const owners = ['o', 'o', 'o', 'o', 'o', 'p'];
    const p = (authors?: readonly string[]) => compare(run('x', worse, authors), run('y', better)).thresholds[1]!.p;
    expect(p()).toBeCloseTo(2 / 64, 12);
    expect(p(owners)).toBeCloseTo(2 / 4, 12);
  });

  it('refuses runs over different photos', () => {
    expect(() => compare(run('x', [1]), run('y', []))).toThrow('x and y have no photo in common.');
    const moved = run('y', [1]).outcomes.map((o) => ({
      ...o,
      truth: { coordinate: { latitudeDegrees: 11, longitudeDegrees: 20 } },
    }));
    expect(() => compare(run('x', [1]), { name: 'y', outcomes: moved })).toThrow('different true positions for "a"');
  });
});

describe('holmAdjusted', () => {
  it('agrees with statsmodels', () => {
    // statsmodels.stats.multitest.multipletests([.01, .04, .03, .005], method='holm')[1]
    const expected = [0.03, 0.06, 0.06, 0.02];
    for (const [i, p] of holmAdjusted([0.01, 0.04, 0.03, 0.005]).entries()) expect(p).toBeCloseTo(expected[i]!, 12);
  });

  it('never makes a p-value smaller nor leaves [0, 1]', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
        for (const [i, p] of holmAdjusted(values).entries()) {
          expect(p).toBeGreaterThanOrEqual(values[i]!);
          expect(p).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
