import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coordinatesIn } from './coordinate-text.ts';

const at = (latitudeDegrees: number, longitudeDegrees: number) => ({ latitudeDegrees, longitudeDegrees });

describe('coordinatesIn', () => {
  it.each([
    ['48.8584° N, 2.2945° E', at(48.8584, 2.2945)],
    ['33.86° S, 151.20° E', at(-33.86, 151.2)],
    ['(-33.86, 151.2)', at(-33.86, 151.2)],
    ['lat: 48.85, long: 2.35', at(48.85, 2.35)],
    ['Latitude: 48.85\nLongitude: -2.35', at(48.85, -2.35)],
    ['**Latitude:** 48.85, **Longitude:** 2.35', at(48.85, 2.35)],
    ['N 48.85 E 2.35', at(48.85, 2.35)],
    ['40 N, 74 W', at(40, -74)],
    ['approximately 40° N, 74° W or so', at(40, -74)],
    ['−22.9, −43.2', at(-22.9, -43.2)],
    ['22.3 north, 114.2 east', at(22.3, 114.2)],
    ['lat=1.3 lon=103.8', at(1.3, 103.8)],
    ['{"lat": "48.85", "lng": "2.35"}', at(48.85, 2.35)],
  ])('reads %j', (text, expected) => {
    expect(coordinatesIn(text)).toEqual([expected]);
  });

  it('reads degrees, minutes and seconds', () => {
    const [found] = coordinatesIn('48°51′30″N 2°17′40″W');
    expect(found?.latitudeDegrees).toBeCloseTo(48.858333, 6);
    expect(found?.longitudeDegrees).toBeCloseTo(-2.294444, 6);
  });

  it.each([
    '3, 5',
    'in 2011, 12 people',
    '91.5, 10.2',
    '10.1, 190.5',
    'route 66, exit 12',
    'f/2.8 1.5 s',
    '',
    '48°75′00″N 2°17′40″W',
  ])('sees no position in %j', (text) => {
    expect(coordinatesIn(text)).toEqual([]);
  });

  it('skips white space of any length between the parts', () => {
    expect(coordinatesIn('48.8584 \t°\n\n N ,\n   2.2945°  E')).toEqual([at(48.8584, 2.2945)]);
    const wide = ' '.repeat(100_000);
    expect(coordinatesIn(`12${wide}x`)).toEqual([]);
    expect(coordinatesIn(`48.8584° N,${wide}2.2945° E`)).toEqual([at(48.8584, 2.2945)]);
    expect(coordinatesIn('1 \n2 \t'.repeat(20_000))).toEqual([]);
  });

  it('reads back every decimal pair', () => {
    const position = (limit: number) => fc.integer({ min: -limit * 1000, max: limit * 1000 }).map((n) => n / 1000);
    fc.assert(
      fc.property(position(89), position(179), (latitude, longitude) => {
        const [found] = coordinatesIn(`The photo is at ${latitude.toFixed(4)}, ${longitude.toFixed(4)}.`);
        expect(found?.latitudeDegrees).toBeCloseTo(latitude, 6);
        expect(found?.longitudeDegrees).toBeCloseTo(longitude, 6);
      }),
    );
  });
});
