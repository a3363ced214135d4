import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTRY_CUES, type CountryCue, countryPosterior, cueValues } from './cues.ts';
import { COUNTRIES } from './facts/countries.ts';

const country = fc.constantFrom(...COUNTRIES);
const kinds = fc.uniqueArray(fc.constantFrom(...COUNTRY_CUES), { maxLength: COUNTRY_CUES.length });
const seenIn = (
  place: (typeof COUNTRIES)[number],
  shown: readonly CountryCue[],
): { kind: CountryCue; value: string }[] =>
  shown.flatMap((kind) =>
    cueValues(place, kind)
      .slice(0, 1)
      .map((value) => ({ kind, value })),
  );

describe('countryPosterior', () => {
  it('is a probability over the countries, and uniform without cues', () => {
    expect(new Set(countryPosterior([]).map((value) => value.toFixed(12))).size).toBe(1);
    fc.assert(
      fc.property(country, kinds, (place, shown) => {
        const posterior = countryPosterior(seenIn(place, shown));
        expect(posterior.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('ranks a country highest when all cues fit it', () => {
    fc.assert(
      fc.property(country, kinds, (place, shown) => {
        const single = shown.filter((kind) => cueValues(place, kind).length === 1);
        const posterior = countryPosterior(seenIn(place, single));
        expect(posterior[COUNTRIES.indexOf(place)]).toBeCloseTo(Math.max(...posterior), 12);
      }),
    );
  });

  it('ignores cues of the city', () => {
    expect(countryPosterior([{ kind: 'landmark', value: 'red clock tower' }])).toEqual(countryPosterior([]));
  });

  it('identifies every country by all its facts together, without the flag', () => {
    for (const place of COUNTRIES) {
      const shown = COUNTRY_CUES.filter((kind) => kind !== 'flag');
      const posterior = countryPosterior(seenIn(place, shown));
      expect(posterior[COUNTRIES.indexOf(place)], place.code).toBeGreaterThan(0.6);
    }
  });
});
