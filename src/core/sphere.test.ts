import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coordinate } from './coordinate.ts';
import { distanceKm } from './distance.ts';
import { meanCoordinate, unitVector } from './sphere.ts';

const anywhere = fc
  .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }))
  .map(([latitude, longitude]) => coordinate(latitude, longitude));

describe('unitVector', () => {
  it('points to the poles, the meridian and the east', () => {
    expect(unitVector(coordinate(90, 17))[2]).toBeCloseTo(1, 12);
    expect(unitVector(coordinate(0, 0))).toEqual([1, 0, 0]);
    expect(unitVector(coordinate(0, 90))[1]).toBe(1);
  });
});

describe('meanCoordinate', () => {
  it('returns a single position unchanged', () => {
    fc.assert(
      fc.property(anywhere, (at) => {
        expect(distanceKm(meanCoordinate([at, at]), at)).toBeLessThan(1e-3);
      }),
    );
  });

  it('is midway between two positions', () => {
    fc.assert(
      fc.property(anywhere, anywhere, (a, b) => {
        fc.pre(distanceKm(a, b) < 19_000);
        const middle = meanCoordinate([a, b]);
        expect(distanceKm(a, middle)).toBeCloseTo(distanceKm(b, middle), 2);
        expect(distanceKm(a, middle)).toBeCloseTo(distanceKm(a, b) / 2, 2);
      }),
    );
  });

  it('is continuous across the date line', () => {
    expect(Math.abs(meanCoordinate([coordinate(-17, 179), coordinate(-17, -179)]).longitudeDegrees)).toBeCloseTo(180);
  });

  it('rejects positions without a mean', () => {
    expect(() => meanCoordinate([])).toThrow(RangeError);
    expect(() => meanCoordinate([coordinate(90, 0), coordinate(-90, 0)])).toThrow(RangeError);
  });
});
