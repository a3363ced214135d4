import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../core/place.ts';
import { testGazetteer } from './test-gazetteer.ts';

const contains = (place: Place, [latitudeDegrees, longitudeDegrees]: readonly [number, number]): boolean =>
  testGazetteer().contains(place, { latitudeDegrees, longitudeDegrees });

describe('a country or region', () => {
  it.each<[string, Place, [number, number]]>([
    ['far from its centre', { country: 'Chile' }, [-18.48, -70.31]],
    ['at sea, if its place is the nearest', { country: 'Chile' }, [-33.0, -72.3]],
    ['on its border', { country: 'Chile' }, [-50.98, -72.2]],
    ['on its border in the other country', { country: 'Chile' }, [-49.27, -73.04]],
    ['on its border across the antimeridian', { country: 'Fiji' }, [-16.8, -179.98]],
    ['in its territory', { country: 'France' }, [-21.24, 55.71]],
    ['near the border of its territory', { country: 'Spain' }, [36.1, -5.35]],
    ['in a region that it claims', { country: 'Russia' }, [44.95, 34.1]],
    ['in a region that another country claims', { country: 'Ukraine' }, [44.95, 34.1]],
    ['in a region of the first level', { country: 'Italy', region: 'Sicily' }, [37.85, 15.29]],
    [
      'in a region of the second level',
      { country: 'United States', region: 'Marin County, California' },
      [37.9, -122.6],
    ],
    ['in a region by another name', { country: 'Germany', region: 'Bayern' }, [47.56, 10.75]],
    ['in an empty part of its region', { country: 'Canada', region: 'Nunavut' }, [70.47, -68.59]],
    [
      'in the region, whatever city the place names',
      { country: 'Italy', region: 'Sicily', city: 'Rome' },
      [37.85, 15.29],
    ],
  ])('contains a position %s', (_, place, at) => {
    expect(contains(place, at)).toBe(true);
  });

  it.each<[string, Place, [number, number]]>([
    ['in another country', { country: 'Chile' }, [-34.6, -58.38]],
    ['30 km behind its border', { country: 'Chile' }, [-50.34, -72.26]],
    ['in the open sea', { country: 'Chile' }, [-40, -110]],
    ['in the sovereign of a territory', { country: 'Réunion' }, [48.86, 2.35]],
    ['in a neighbour of the region that it claims', { country: 'Russia' }, [49.84, 24.03]],
    ['in another region', { country: 'Italy', region: 'Sicily' }, [45.07, 7.69]],
    ['in a country that is unknown', { country: 'Narnia' }, [45.07, 7.69]],
    ['in a region that is unknown', { country: 'Italy', region: 'Narnia' }, [45.07, 7.69]],
  ])('does not contain a position %s', (_, place, at) => {
    expect(contains(place, at)).toBe(false);
  });

  it('contains every position whose place is in it', () => {
    const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    fc.assert(
      fc.property(degrees(90), degrees(180), (latitudeDegrees, longitudeDegrees) => {
        const place = testGazetteer().reverse({ latitudeDegrees, longitudeDegrees });
        fc.pre(place !== undefined);
        expect(contains(place, [latitudeDegrees, longitudeDegrees])).toBe(true);
      }),
    );
  });
});
