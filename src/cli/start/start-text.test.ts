import { expect, it } from 'vitest';
import type { Measures, PairedTest } from '../../reproduction/results.ts';
import { startResult } from './start-text.ts';

const estimate = { value: 0.4, low: 0.36, high: 0.44, perSeed: [0.4] };
const measures: Measures = {
  n: 600,
  accuracy: ([1, 25, 200, 750, 2500] as const).map((thresholdKm) => ({ thresholdKm, ...estimate })),
  countryMatch: estimate,
  cityMatch: estimate,
  outcomes: { located: 600, refused: 0, unparseable: 0, notGeocodable: 0, failed: 0 },
};

const test = (thresholdKm: 1 | 25 | 200 | 750 | 2500, pAdjusted: number): PairedTest => ({
  a: 'base',
  b: 'GRPO',
  benchmark: 'localizable',
  measure: { kind: 'accuracy', thresholdKm },
  question: 'Does training help?',
  difference: 0.041,
  low: 0.002,
  high: 0.08,
  p: 0.01,
  pAdjusted,
  n: 600,
  seeds: { a: 1, b: 1 },
  mcnemar: [],
});

const textAt = (pAdjusted: number): string =>
  startResult({
    before: measures,
    after: measures,
    tests: ([1, 25, 200, 750, 2500] as const).map((km) => test(km, pAdjusted)),
    drawn: { before: measures, after: measures, city: test(25, pAdjusted) },
    examples: [],
    folder: 'runs/start',
    page: 'report.html',
    model: 'model',
    wasComplete: false,
    seconds: 60,
  });

it('reports a gain only where p after correction is below 0.05', () => {
  expect(textAt(0.046)).toContain('At city level training gained +4.1 points [+0.2 to +8.0] (p = 0.046');
  expect(textAt(0.054)).toContain('At city level no gain or loss is shown: +4.1 points [+0.2 to +8.0] (p = 0.054');
  expect(textAt(0.054)).not.toContain('gained');
});
