import { expect, test } from 'vitest';
import { constantRate, warmupCosine, warmupLinear } from './schedule.ts';

const options = { peak: 2, warmupSteps: 4, totalSteps: 13, end: 0.2 };

test.for([
  ['cosine', warmupCosine],
  ['linear', warmupLinear],
] as const)('the %s schedule rises over the warm-up, falls to its end and stays there', ([, schedule]) => {
  const rate = schedule(options);
  const rates = Array.from({ length: 20 }, (_, step) => rate(step));
  expect(rates.slice(0, 5)).toEqual([0.5, 1, 1.5, 2, 2]);
  for (let step = 5; step < 13; step++) expect(rates[step]).toBeLessThan(rates[step - 1]!);
  for (const last of rates.slice(12)) expect(last).toBeCloseTo(0.2, 12);
  // In the middle of the decay, both schedules are halfway between peak and end.
  expect(rates[8]).toBeCloseTo(1.1, 12);
});

test('a constant schedule is constant, and a schedule without a fall never divides by zero', () => {
  expect(constantRate(0.5)(1000)).toBe(0.5);
  expect(warmupLinear({ peak: 1, warmupSteps: 2, totalSteps: 2 })(1)).toBe(1);
  expect(warmupCosine({ peak: 1, warmupSteps: 0, totalSteps: 1 })(0)).toBe(1);
});
