import { expect, it } from 'vitest';
import { random } from '../random.ts';
import { bootstrapMeans } from './bootstrap.ts';

// The number of resamples is 20 million draws divided by the number of units, but at least 400 and at most 2,000.
it.each([
  [10, 2000],
  [60_000, 400],
])('the bootstrap draws %d units %d times', (units, resamples) => {
  let draws = 0;
  const integer = (): number => {
    draws += 1;
    return 0;
  };
  bootstrapMeans([Array<number>(units).fill(1)], { generator: { ...random(1), integer } });
  expect(draws).toBe(units * resamples);
});
