import { describe, expect, it } from 'vitest';
import { random } from '../core/random.ts';
import { detectableDifference, seedsNeeded, variancesOf } from './power.ts';

describe('variancesOf', () => {
  it('adds the variances between the seeds of both arms', () => {
    // The two runs of arm a have the means 0.25 and 0.75, so the variance is 0.125. The two runs of arm b have equal
    // means, so the variance is 0.
    const a = [
      [1, 0, 0, 0],
      [1, 1, 1, 0],
    ];
    const b = [
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ];
    expect(variancesOf(a, b, ['p', 'q', 'r', 's']).seeds).toBeCloseTo(0.125, 12);
  });

  it('counts photos of one owner together', () => {
    const a = [[0, 0, 0, 0]];
    const b = [
      [1, 1, 0, 0],
      [1, 1, 0, 0],
    ];
    const apart = variancesOf(a, b, ['p', 'q', 'r', 's']).photos;
    const together = variancesOf(a, b, ['p', 'p', 'q', 'q']).photos;
    // Each of the four photos deviates by ±0.5. With separate clusters, the variance is 4 · 0.25 / 16 · 4/3. With two
    // photos per cluster, it is 2 · 1 / 16 · 2.
    expect(apart).toBeCloseTo((1 / 16) * (4 / 3), 12);
    expect(together).toBeCloseTo(0.25, 12);
  });

  it('needs two runs of an arm', () => {
    expect(() => variancesOf([[1]], [[0]], ['p'])).toThrow(RangeError);
  });
});

describe('detectableDifference and seedsNeeded', () => {
  it('agree: with the seeds needed, the difference is detectable; with one seed less, it is not', () => {
    const variances = { seeds: 0.0002, photos: 0.000_01 };
    const seeds = seedsNeeded(variances, { difference: 0.02, photoRatio: 2 })!;
    expect(detectableDifference(variances, { seeds, photoRatio: 2 })).toBeLessThanOrEqual(0.02);
    expect(detectableDifference(variances, { seeds: seeds - 1, photoRatio: 2 })).toBeGreaterThan(0.02);
  });

  it('are undefined when the photos alone hide the difference', () => {
    expect(seedsNeeded({ seeds: 0, photos: 1 }, { difference: 0.01, photoRatio: 1 })).toBeUndefined();
  });

  it('give a test with the stated power', () => {
    const generator = random(7);
    const [seeds, sigma] = [6, 0.01];
    const variances = { seeds: 2 * sigma ** 2, photos: 0 };
    const difference = detectableDifference(variances, { seeds, photoRatio: 1 });
    const error = Math.sqrt(variances.seeds / seeds);
    let found = 0;
    for (let trial = 0; trial < 4000; trial++) {
      if (Math.abs(difference + generator.normal() * error) > 2.394 * error) found += 1;
    }
    expect(found / 4000).toBeCloseTo(0.8, 1);
  });
});
