import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { atIsotonic, isotonicSteps } from './isotonic.ts';

const points = fc.array(fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 1 }) }), {
  minLength: 1,
  maxLength: 60,
});

describe('isotonic regression', () => {
  it('pools neighbours that fall', () => {
    const ys = [0, 1, 0, 1];
    expect(isotonicSteps(ys.map((y, x) => ({ x, y })))).toEqual([
      { x: 0, y: 0, n: 1 },
      { x: 1.5, y: 0.5, n: 2 },
      { x: 3, y: 1, n: 1 },
    ]);
  });

  it('rises, keeps the mean and pools enough points', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 10 }), (all, minPoints) => {
        const steps = isotonicSteps(all, { minPoints });
        const mean = (values: { y: number; n: number }[]): number => values.reduce((sum, { y, n }) => sum + y * n, 0);
        expect(mean(steps)).toBeCloseTo(
          all.reduce((sum, { y }) => sum + y, 0),
          9,
        );
        for (let i = 1; i < steps.length; i++) {
          expect(steps[i]!.y).toBeGreaterThan(steps[i - 1]!.y - 1e-12);
          expect(steps[i]!.x).toBeGreaterThan(steps[i - 1]!.x);
        }
        const fewest = Math.min(...steps.map(({ n }) => n));
        expect(fewest).toBeGreaterThanOrEqual(Math.min(minPoints, all.length));
      }),
    );
  });

  it.each([
    [-1, 0.2],
    [0, 0.2],
    [0.5, 0.4],
    [1, 0.6],
    [2, 0.6],
  ])('reads %d as %d', (x, y) => {
    const steps = [
      { x: 0, y: 0.2 },
      { x: 1, y: 0.6 },
    ];
    expect(atIsotonic(steps, x)).toBeCloseTo(y, 12);
  });

  it('has no value without points', () => expect(atIsotonic([], 1)).toBeUndefined());
});
