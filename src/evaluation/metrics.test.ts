import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakDown } from './breakdown.ts';
import { calibrate } from './calibration.ts';
import { continentOf } from './continents.ts';
import { isHit, measure } from './metrics.ts';
import type { MeasuredOutcome } from './outcome.ts';
import { sceneOf } from './outcome.ts';
import { TABLE_1, TABLE_2, TABLE_3, TABLE_4, TABLE_5 } from './paper-tables.ts';
import { geoScore, THRESHOLDS_KM } from './thresholds.ts';

const worldCountries = createRequire(import.meta.url)('world-countries') as readonly { cca2: string; region: string }[];

const truth = { coordinate: { latitudeDegrees: 0, longitudeDegrees: 1 } };

function measured(distanceKm: number | undefined, more: Partial<MeasuredOutcome> = {}): MeasuredOutcome {
  return distanceKm === undefined
    ? { id: 'x', truth, outcome: { kind: 'refused', reason: '' }, ...more }
    : { id: 'x', truth, outcome: { kind: 'located', coordinate: truth.coordinate }, distanceKm, ...more };
}

describe('measure', () => {
  it('counts a distance at exactly the threshold as within', () => {
    const { accuracy } = measure([measured(25), measured(25.000001)])!;
    expect(accuracy[25]).toMatchObject({ hits: 1, n: 2, value: 0.5 });
  });

  it('keeps refusals in the denominator of accuracy and GeoScore, and out of the median', () => {
    expect(measure([measured(0), measured(undefined)])).toMatchObject({
      n: 2,
      answered: 1,
      refused: 1,
      geoScore: 2500,
      medianKm: 0,
      accuracy: { 2500: { value: 0.5 } },
    });
  });

  it('never falls as the threshold grows, whatever the distances', () => {
    const distances = fc.array(fc.option(fc.double({ min: 0, max: 20_015, noNaN: true }), { nil: undefined }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(distances, (list) => {
        const { accuracy } = measure(list.map((distance) => measured(distance)))!;
        const values = THRESHOLDS_KM.map((km) => accuracy[km].value);
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }),
    );
  });

  it('compares places only if the truth has one', () => {
    const rows = [
      measured(1, { countryMatch: true, cityMatch: false }),
      measured(1, { countryMatch: false }),
      measured(1),
    ];
    expect(measure(rows)).toMatchObject({ countryMatch: { hits: 1, n: 2 }, cityMatch: { hits: 0, n: 1 } });
  });

  it('is undefined without outcomes', () => {
    expect(measure([])).toBeUndefined();
  });

  it('counts how each row ended', () => {
    const ended = (kind: 'refused' | 'unparseable' | 'notGeocodable' | 'failed') =>
      measured(undefined, { outcome: { kind, reason: '' } });
    const kinds = ['refused', 'unparseable', 'unparseable', 'notGeocodable', 'failed', 'failed', 'failed'] as const;
    expect(measure([measured(1), ...kinds.map(ended)])).toMatchObject({
      n: 8,
      answered: 1,
      refused: 1,
      unparseable: 2,
      notGeocodable: 1,
      failed: 3,
    });
  });

  it('sorts the distances numerically for their median, mean and points', () => {
    const metrics = measure([measured(1000), measured(9), measured(80)])!;
    expect(metrics.medianKm).toBe(80);
    expect(metrics.meanKm).toBe(363);
    expect(metrics.geoScore).toBeCloseTo((geoScore(9) + geoScore(80) + geoScore(1000)) / 3, 9);
    expect(metrics.accuracy[25].hits).toBe(1);
    expect(metrics.accuracy[200].hits).toBe(2);
    expect(metrics.accuracy[2500].hits).toBe(3);
    const unanswered = measure([measured(undefined)]);
    expect(unanswered).not.toHaveProperty('medianKm');
    expect(unanswered).not.toHaveProperty('meanKm');
    expect(unanswered).not.toHaveProperty('countryMatch');
  });

  it('counts a prediction at exactly the threshold as a hit, and one without a position as a miss', () => {
    expect([25, 25.000001, undefined].map((km) => isHit(measured(km), 25))).toEqual([true, false, false]);
  });

  describe('the interval by owner', () => {
    const photos = (authors: readonly (string | undefined)[]): MeasuredOutcome[] =>
      authors.map((author, i) => measured(i % 2 === 0 ? 1 : 300, author === undefined ? {} : { author }));

    it('resamples owners where one of them has several photos', () => {
      // One owner has all photos, so every resample is the same.
      const { accuracy } = measure(photos(['a', 'a', 'a', 'a']))!;
      expect(accuracy[200].byOwner).toEqual({ low: 0.5, high: 0.5 });
      expect(accuracy[750].byOwner).toEqual({ low: 1, high: 1 });
      expect(measure(photos(['a', 'a', 'b']))!.accuracy[200].byOwner).toEqual({ low: 0.5, high: 1 });
    });

    it.each([
      ['no owner is known', [undefined, undefined]],
      ['one owner is not known', ['a', 'a', undefined]],
      ['no owner has two photos', ['a', 'b', 'c']],
    ])('is absent where %s', (_, authors) => {
      expect(measure(photos(authors))!.accuracy[1]).not.toHaveProperty('byOwner');
    });

    it('is absent if the caller turns it off', () => {
      expect(measure(photos(['a', 'a']), { intervalsByOwner: false })!.accuracy[1]).not.toHaveProperty('byOwner');
    });
  });
});

describe('geoScore', () => {
  it('is 5000 at distance 0 and 5000/e at the scale', () => {
    expect(geoScore(0)).toBe(5000);
    expect(geoScore(1492.7)).toBeCloseTo(5000 / Math.E, 9);
  });
});

describe('breakDown', () => {
  it('groups by scene, continent and country, largest first, and leaves out a grouping that is unknown for all', () => {
    const rows = [
      measured(1, { countryCode: 'FR' }),
      measured(1, { countryCode: 'FR' }),
      measured(1, { countryCode: 'KE' }),
    ];
    const { scene, continent, country } = breakDown(rows);
    expect(scene).toBeUndefined();
    expect(continent?.map(({ group }) => group)).toEqual(['Europe', 'Africa']);
    expect(country?.map(({ group, metrics }) => [group, metrics.n])).toEqual([
      ['France', 2],
      ['Kenya', 1],
    ]);
  });
});

describe('breakDown, in detail', () => {
  it('labels unknown groups, and orders groups of equal size by name', () => {
    const [indoor, urban] = [measured(1, { scene: 'indoor' }), measured(1, { scene: 'urban' })];
    const groupsOf = (rows: readonly MeasuredOutcome[]) => breakDown(rows).scene?.map(({ group }) => group);
    expect(groupsOf([measured(1), urban, indoor, urban])).toEqual(['urban', 'indoor', 'unknown']);
    expect(groupsOf([indoor, measured(1), urban])).toEqual(['indoor', 'unknown', 'urban']);
    expect(groupsOf([urban, measured(1), indoor])).toEqual(['indoor', 'unknown', 'urban']);
    expect(groupsOf([indoor])).toEqual(['indoor']);
    expect(breakDown([measured(1)])).toEqual({});
    expect(breakDown([])).toEqual({ scene: [], continent: [], country: [] });
  });

  it('gives the same metrics as the group alone, without the interval by owner', () => {
    const rows = [1, 300, 30].map((km) => measured(km, { scene: 'urban', author: 'a' }));
    const other = measured(5000, { scene: 'indoor', author: 'a' });
    const { scene } = breakDown([...rows, other]);
    expect(scene![0]!.metrics).toEqual(measure(rows, { intervalsByOwner: false }));
  });
});

describe('calibrate', () => {
  it('finds no error if confidence equals accuracy', () => {
    const rows = Array.from({ length: 100 }, (_, i) => measured(i % 4 === 0 ? 1 : 1000, { confidence: 0.25 }));
    expect(calibrate(rows)!.expectedCalibrationError).toBeCloseTo(0, 12);
  });

  it('measures the gap if confidence differs from accuracy', () => {
    const rows = [measured(1000, { confidence: 1 }), measured(1, { confidence: 0 })];
    const { expectedCalibrationError, bins } = calibrate(rows)!;
    expect(expectedCalibrationError).toBe(1);
    expect(bins.map(({ n }) => n)).toEqual([1, 1]);
  });

  it('is undefined without confidence', () => {
    expect(calibrate([measured(1)])).toBeUndefined();
  });
});

describe('continentOf', () => {
  const REGIONS: Readonly<Record<string, readonly string[]>> = {
    Africa: ['Africa'],
    Americas: ['North America', 'South America'],
    Antarctic: ['Antarctica'],
    Asia: ['Asia', 'Europe'],
    Europe: ['Europe', 'Asia'],
    Oceania: ['Oceania', 'Asia'],
  };

  it('agrees with the regions of world-countries', () => {
    // The sources disagree on some countries at the borders of Europe, Asia and Oceania, and on remote islands.
    const islands = new Set(['BV', 'GS', 'HM', 'TF', 'SH', 'IO', 'UM']);
    const wrong = worldCountries.filter(
      ({ cca2, region }) => !islands.has(cca2) && !REGIONS[region]!.includes(continentOf(cca2) ?? ''),
    );
    expect(wrong.map(({ cca2 }) => cca2)).toEqual([]);
  });
});

describe('sceneOf', () => {
  it.each([
    ['0', 'indoor'],
    ['2', 'urban'],
    ['Natural', 'natural'],
    ['', undefined],
    [' ', undefined],
    ['3', undefined],
    ['garden', undefined],
  ])('reads %j as %s', (text, scene) => {
    expect(sceneOf(text)).toBe(scene);
  });
});

describe("the paper's tables", () => {
  it('have the rows that the paper prints, each rising with the threshold', () => {
    expect([TABLE_2.length, TABLE_3.length, TABLE_4.length, TABLE_5.length]).toEqual([17, 9, 6, 7]);
    const rows = [
      ...TABLE_2.flatMap(({ accuracy }) => Object.values(accuracy).filter((row) => row !== null)),
      ...[...TABLE_3, ...TABLE_4, ...TABLE_5].map(({ accuracy }) => accuracy),
    ];
    for (const row of rows) expect(row).toEqual([...row].sort((a, b) => a - b));
  });

  it('agree with each other where they show the same run', () => {
    const globe = TABLE_2.find(({ method }) => method === 'GLOBE-7B')!.accuracy['mp16-reason-test'];
    expect(TABLE_3.at(-1)!.accuracy).toEqual(globe);
    expect(TABLE_4.at(-1)!.accuracy).toEqual(globe);
    expect(TABLE_5.at(-1)!.accuracy).toEqual(globe);
  });

  it('have scene counts that sum to the samples of each split', () => {
    for (const [samples, , , indoor, natural, urban] of Object.values(TABLE_1.rows))
      expect(indoor + natural + urban).toBe(samples);
  });
});
