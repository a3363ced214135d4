import fc from 'fast-check';
import { expect, it } from 'vitest';
import { movingMean } from './smoothing.ts';

const lines = fc.record({
  slope: fc.integer({ min: -50, max: 50 }),
  length: fc.integer({ min: 1, max: 60 }),
  window: fc.integer({ min: 0, max: 20 }),
});

it('a moving mean keeps a straight line, including its ends', () => {
  fc.assert(
    fc.property(lines, ({ slope, length, window }) => {
      const line = Array.from({ length }, (_, i) => slope * i);
      for (const [i, mean] of movingMean(line, window).entries()) expect(mean).toBeCloseTo(line[i]!, 9);
    }),
  );
});

it('a moving mean is the mean of the neighbours', () => {
  expect(movingMean([0, 3, 0, 3, 0], 3)).toEqual([0, 1, 2, 1, 0]);
});
