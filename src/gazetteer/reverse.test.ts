import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBorders } from './borders.ts';
import { decodeGazetteer } from './format.ts';
import { GAZETTEER_PATH } from './open.ts';
import { candidateIn, createReverse, effortOf, heldRegions } from './reverse.ts';
import { cityOf, coordinateOf, createStore, placeOfRow } from './store.ts';
import { lazySurroundings } from './surroundings.ts';
import { distanceKm } from '../core/distance.ts';
import { testGazetteer } from './test-gazetteer.ts';

const reverse = (latitudeDegrees: number, longitudeDegrees: number) =>
  testGazetteer().reverse({ latitudeDegrees, longitudeDegrees });

describe('reverse geocoding', () => {
  it('names the city, its region and country', () => {
    expect(reverse(48.8566, 2.3522)).toMatchObject({ city: 'Paris', region: 'Île-de-France', countryCode: 'FR' });
  });

  it('works across the antimeridian and at the poles', () => {
    expect(reverse(-16.78, 180)?.countryCode).toBe('FJ');
    expect(reverse(90, 0)).toBeUndefined();
  });

  it('returns only the country far from any city, and undefined in mid-ocean', () => {
    expect(reverse(-24.5, 128.5)).toEqual({ country: 'Australia', countryCode: 'AU' });
    expect(reverse(-80, 0)).toEqual({ country: 'Antarctica', countryCode: 'AQ' });
    expect(reverse(-40, -120)).toBeUndefined();
  });

  it('names the metropolis in its districts, and independent neighbours by their own name', () => {
    expect(reverse(40.6501, -73.9496)?.city).toBe('New York City');
    expect(reverse(40.744, -74.0324)?.city).toBe('Hoboken');
    expect(reverse(35.6595, 139.7005)?.city).toBe('Tokyo');
    expect(reverse(35.4437, 139.638)?.city).toBe('Yokohama');
  });

  it('takes the country from its borders, not from the nearest place', () => {
    expect(reverse(41.8986, 12.4769)).toMatchObject({ city: 'Rome', countryCode: 'IT' });
    expect(reverse(41.9022, 12.4533)).toMatchObject({ city: 'Vatican City', countryCode: 'VA' });
  });

  it('agrees with a search over every place, at any position', () => {
    const store = createStore(decodeGazetteer(readFileSync(GAZETTEER_PATH), GAZETTEER_PATH));
    const borders = createBorders(store);
    const held = heldRegions(store);
    const fast = createReverse(store, lazySurroundings(store));
    const rows = Array.from({ length: store.places }, (_, row) => row);
    const isLarge = (row: number) => store.sections.population[row]! >= 50_000;
    const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const nearPlaces = fc.tuple(fc.nat(rows.length - 1), degrees(0.3), degrees(0.3)).map(([row, north, east]) => {
      const { latitudeDegrees, longitudeDegrees } = coordinateOf(store, row);
      const within = (value: number, most: number) => Math.max(-most, Math.min(most, value));
      return {
        latitudeDegrees: within(latitudeDegrees + north, 90),
        longitudeDegrees: within(longitudeDegrees + east, 180),
      };
    });
    const onLand = nearPlaces.filter((at) => borders.countryAt(at) !== undefined);
    fc.assert(
      fc.property(onLand, (at) => {
        const isCandidate = candidateIn(store, { country: borders.countryAt(at)!, held });
        const near = rows
          .filter((row) => isCandidate({ row }))
          .map((row) => ({ row, km: distanceKm(at, coordinateOf(store, row)) }));
        const competing = [8, 30, 100]
          .map((radiusKm) => near.filter(({ row, km }) => km <= radiusKm || (km <= 40 && isLarge(row))))
          .find(({ length }) => length > 0);
        const { code, name } = store.countries[borders.countryAt(at)!]!;
        const least = competing?.reduce((effort, place) => Math.min(effort, effortOf(store, place)), Infinity);
        // Two places may have the same value of `effortOf`. Both are then correct.
        const best = competing?.filter((place) => effortOf(store, place) <= least! + 1e-9);
        const expected = best?.map(({ row }) => placeOfRow(store, cityOf(store, row)));
        expect(expected ?? [{ country: name, countryCode: code }]).toContainEqual(fast(at));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});
