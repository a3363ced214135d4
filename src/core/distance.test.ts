import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coordinate, type Coordinate } from './coordinate.ts';
import { distanceKm, EARTH_RADIUS_KM, medoid } from './distance.ts';

const position: fc.Arbitrary<Coordinate> = fc
  .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }))
  .map(([latitude, longitude]) => coordinate(latitude, longitude));

describe('distanceKm', () => {
  it('is a quarter of the circumference from pole to equator, and half between antipodes', () => {
    expect(distanceKm(coordinate(90, 0), coordinate(0, 17))).toBeCloseTo((Math.PI / 2) * EARTH_RADIUS_KM, 9);
    expect(distanceKm(coordinate(0, 0), coordinate(0, 180))).toBeCloseTo(Math.PI * EARTH_RADIUS_KM, 9);
  });

  it('is one degree of arc along the equator, across the date line too', () => {
    const oneDegreeKm = (Math.PI / 180) * EARTH_RADIUS_KM;
    expect(distanceKm(coordinate(0, 10), coordinate(0, 11))).toBeCloseTo(oneDegreeKm, 9);
    expect(distanceKm(coordinate(0, 179.5), coordinate(0, -179.5))).toBeCloseTo(oneDegreeKm, 9);
  });

  it('keeps centimetres at street scale', () => {
    const oneCentimetreDegrees = 0.00001 / ((Math.PI / 180) * EARTH_RADIUS_KM);
    expect(distanceKm(coordinate(0, 0), coordinate(oneCentimetreDegrees, 0)) * 1e5).toBeCloseTo(1, 6);
  });

  /** Between antipodes, the rounding error of the formula reaches decimetres: R √(2 ε) is 0.13 m. */
  const ANTIPODAL_KM = 1e-3;

  it('is a metric: zero to itself, symmetric, bounded, and no detour is shorter', () => {
    fc.assert(
      fc.property(position, position, position, (a, b, c) => {
        expect(distanceKm(a, a)).toBe(0);
        expect(Math.abs(distanceKm(a, b) - distanceKm(b, a))).toBeLessThan(ANTIPODAL_KM);
        expect(distanceKm(a, b)).toBeLessThanOrEqual(Math.PI * EARTH_RADIUS_KM);
        expect(distanceKm(a, c)).toBeLessThanOrEqual(distanceKm(a, b) + distanceKm(b, c) + ANTIPODAL_KM);
      }),
    );
  });
});

describe('coordinate', () => {
  it.each([
    [91, 0],
    [0, 181],
    [Number.NaN, 0],
    [0, Number.POSITIVE_INFINITY],
  ])('rejects latitude %d, longitude %d, naming the values', (latitude, longitude) => {
    expect(() => coordinate(latitude, longitude)).toThrow(`latitude ${latitude}, longitude ${longitude}`);
  });
});

describe('medoid', () => {
  it('is the middle one of three along a line, with the mean distance to all', () => {
    const points = [coordinate(0, 0), coordinate(0, 1), coordinate(0, 3)];
    const found = medoid(points)!;
    expect(found.index).toBe(1);
    expect(found.meanDistanceKm).toBeCloseTo(((Math.PI / 180) * EARTH_RADIUS_KM * (1 + 0 + 2)) / 3, 9);
  });

  it('is undefined without points', () => {
    expect(medoid([])).toBeUndefined();
  });
});
