import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measuresOf, testOf } from './measures.ts';
import type { PredictionLine } from './results.ts';
import { riskCoverage } from './risk-coverage.ts';

const line = (i: number, more: Partial<PredictionLine> = {}): PredictionLine => ({
  id: String(i).padStart(3, '0'),
  outcome: 'located',
  distanceKm: 0,
  countryMatch: true,
  cityMatch: true,
  localizable: true,
  owner: `owner-${i % 3}`,
  truth: { country: 'Chile', city: 'Arica' },
  ...more,
});
const statistics = { resamples: 200, seed: 1 };
const miss = { distanceKm: 9000, countryMatch: false, cityMatch: false };

describe('measures', () => {
  it('are means over photos and seeds; an answer without a position is a miss', () => {
    const { distanceKm: _, ...lost } = line(3, { outcome: 'refused', countryMatch: false, cityMatch: false });
    const first = [line(0), line(1, { distanceKm: 25 }), line(2, miss), lost];
    const second = [line(0), line(1, miss), line(2, miss), line(3, miss)];
    const measures = measuresOf([first, second], { benchmark: 'all', name: 'a', statistics });
    const city = measures.accuracy.find(({ thresholdKm }) => thresholdKm === 25)!;
    expect(city).toMatchObject({ value: 3 / 8, perSeed: [0.5, 0.25] });
    expect(measures.countryMatch.perSeed).toEqual([0.5, 0.25]);
    expect(measures.outcomes).toEqual({ located: 7, refused: 1, unparseable: 0, notGeocodable: 0, failed: 0 });
    expect(measures).not.toHaveProperty('reasoning');
  });

  it('exclude non-localizable photos when the benchmark does', () => {
    const lines = [line(0), line(1, { ...miss, localizable: false })];
    expect(measuresOf([lines], { benchmark: 'localizable', name: 'a', statistics }).n).toBe(1);
    expect(measuresOf([lines], { benchmark: 'all', name: 'a', statistics }).n).toBe(2);
  });

  it('count named things, and the invented ones among them', () => {
    const entities = [
      { text: 'tram', shown: true },
      { text: 'palm', shown: false },
    ];
    const { reasoning } = measuresOf([[line(0, { entities }), line(1, { entities: [] })]], {
      benchmark: 'all',
      name: 'a',
      statistics,
    });
    expect(reasoning).toMatchObject({ entities: { value: 1 }, hallucinated: { value: 0.5 } });
  });

  it('reject runs over different photos', () => {
    expect(() => measuresOf([[line(0)], [line(1)]], { benchmark: 'all', name: 'a', statistics })).toThrow(
      'same photos',
    );
  });
});

describe('a paired test', () => {
  const question = 'b?';
  const measure = { kind: 'accuracy', thresholdKm: 25 } as const;
  const arm = (name: string, seeds: (number | null)[], hit: (i: number) => boolean) => ({
    name,
    seeds,
    predictions: seeds.map(() => Array.from({ length: 30 }, (_, i) => line(i, hit(i) ? {} : miss))),
  });

  it('is b minus a, and pairs a single run with each seed of the other arm', () => {
    const test = testOf(
      arm('a', [null], () => false),
      arm('b', [1, 2], (i) => i % 2 === 0),
      { benchmark: 'all', measure, question, statistics },
    );
    expect(test).toMatchObject({ a: 'a', b: 'b', difference: 0.5, n: 30, seeds: { a: 1, b: 2 } });
    expect(test.low).toBeGreaterThan(0);
    expect(test.mcnemar).toMatchObject([
      { seed: 1, onlyA: 0, onlyB: 15 },
      { seed: 2, onlyA: 0, onlyB: 15 },
    ]);
  });

  it('changes its sign when the arms are swapped', () => {
    const [a, b] = [arm('a', [1, 2], (i) => i % 5 === 0), arm('b', [1, 2], (i) => i % 3 === 0)];
    const options = { benchmark: 'all', measure, question, statistics } as const;
    expect(testOf(a, b, options).difference).toBeCloseTo(-testOf(b, a, options).difference, 12);
  });
});

describe('risk and coverage', () => {
  it('are never better than the best order', () => {
    const answers = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(answers, (pairs) => {
        const lines = pairs.map(([hit, localizability], i) => line(i, { ...(hit ? {} : miss), localizability }));
        const { area, areaOfOracle, areaOfChance, points } = riskCoverage([lines])!;
        expect(area).toBeGreaterThanOrEqual(areaOfOracle - 1e-12);
        expect(points.at(-1)).toEqual({ coverage: 1, risk: areaOfChance });
      }),
    );
  });

  it('fall to zero when the judge knows the misses', () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      line(i, i < 20 ? { localizability: 0.9 } : { ...miss, localizability: 0.1 }),
    );
    const curve = riskCoverage([lines])!;
    expect(curve.points.find(({ coverage }) => coverage === 0.5)!.risk).toBe(0);
    expect(curve.area).toBe(curve.areaOfOracle);
  });

  it('are undefined without a judgement of every answer', () => {
    expect(riskCoverage([[line(0, { localizability: 0.5 }), line(1)]])).toBeUndefined();
  });
});
