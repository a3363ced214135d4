import { describe, expect, it } from 'vitest';
import { fixedShapeSchema, isScheduled, shapeAt, shapeSchema } from './distance-shape.ts';

const scheduled = shapeSchema.parse({ kind: 'exponential', tauKm: { from: 2000, to: 20 } });

describe('shapeAt', () => {
  it('changes τ from its first to its last length by equal factors', () => {
    const taus = [0, 0.5, 1].map((progress) => shapeAt(scheduled, progress));
    expect(taus).toEqual([2000, 200, 20].map((tauKm) => ({ kind: 'exponential', tauKm: expect.closeTo(tauKm, 9) })));
  });

  it('does not change a fixed shape', () => {
    const fixed = shapeSchema.parse({
      kind: 'steps',
      steps: [
        [1, 1],
        [25, 0.5],
      ],
    });
    const exponential = shapeSchema.parse({ kind: 'exponential', tauKm: 100 });
    for (const shape of [fixed, exponential]) {
      expect(isScheduled(shape)).toBe(false);
      expect(shapeAt(shape, 0.3)).toBe(shape);
    }
    expect(isScheduled(scheduled)).toBe(true);
  });
});

describe('shapeSchema', () => {
  it('takes a value that stays as the distance grows', () => {
    const steps = [
      [1, 0.5],
      [25, 0.5],
    ];
    expect(shapeSchema.parse({ kind: 'steps', steps })).toEqual({ kind: 'steps', steps });
  });

  it.each([
    { kind: 'exponential', tauKm: 0 },
    { kind: 'exponential', tauKm: { from: 100, to: -1 } },
    {
      kind: 'piecewise-linear',
      points: [
        [100, 0],
        [10, 1],
      ],
    },
    {
      kind: 'piecewise-linear',
      points: [
        [10, 1],
        [10, 0],
      ],
    },
    {
      kind: 'steps',
      steps: [
        [1, 0.2],
        [25, 0.8],
      ],
    },
    { kind: 'steps', steps: [[1, 2]] },
  ])('refuses %j', (shape) => {
    expect(shapeSchema.safeParse(shape).success).toBe(false);
  });

  it('accepts a schedule only for training', () => {
    expect(isScheduled(scheduled)).toBe(true);
    expect(fixedShapeSchema.safeParse(scheduled).success).toBe(false);
  });
});
