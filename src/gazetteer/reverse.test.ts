import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceKm } from '../core/distance.ts';
import { decodeGazetteer } from './format.ts';
import { GAZETTEER_PATH } from './open.ts';
import { createReverse, isCity } from './reverse.ts';
import { coordinateOf, createStore, placeOfRow } from './store.ts';
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
    expect(reverse(-40, -120)).toBeUndefined();
  });

  it('agrees with a search over every place, at any position', () => {
    const store = createStore(decodeGazetteer(readFileSync(GAZETTEER_PATH), GAZETTEER_PATH));
    const rows = Array.from({ length: store.places }, (_, row) => row).filter((row) => isCity(store, row));
    const fast = createReverse(store);
    const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const anywhere = fc.record({ latitudeDegrees: degrees(90), longitudeDegrees: degrees(180) });
    const edges = fc.record({
      latitudeDegrees: fc.oneof(degrees(75), fc.constantFrom(-90, 90, 89.99, 64.7, -16.5)),
      longitudeDegrees: fc.constantFrom(-180, 180, 179.999, -179.999),
    });
    const nearPlaces = fc.tuple(fc.nat(rows.length - 1), degrees(0.3), degrees(0.3)).map(([i, north, east]) => {
      const { latitudeDegrees, longitudeDegrees } = coordinateOf(store, rows[i]!);
      const within = (value: number, most: number) => Math.max(-most, Math.min(most, value));
      return {
        latitudeDegrees: within(latitudeDegrees + north, 90),
        longitudeDegrees: within(longitudeDegrees + east, 180),
      };
    });
    fc.assert(
      fc.property(fc.oneof(anywhere, edges, nearPlaces), (at) => {
        const kilometres = rows.map((row) => distanceKm(at, coordinateOf(store, row)));
        const bestKm = kilometres.reduce((a, b) => Math.min(a, b));
        // Two places may be equally near; either is right.
        const nearest = rows.filter((_, i) => kilometres[i]! <= bestKm + 1e-6);
        const expected = nearest.map((row) => {
          const { country, countryCode, ...city } = placeOfRow(store, row);
          return bestKm > 500 ? undefined : { country, countryCode, ...(bestKm <= 100 && city) };
        });
        expect(expected).toContainEqual(fast(at));
      }),
      { numRuns: 60 },
    );
  });
});
