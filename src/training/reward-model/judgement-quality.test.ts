import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated, plattCalibration } from './calibration.ts';
import { areaUnderCurve, calibrationCurve, expectedCalibrationError, qualityOf } from './judgement-quality.ts';
import { random } from '../../core/random.ts';

const items = fc.array(fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), yes: fc.boolean() }), {
  minLength: 2,
  maxLength: 60,
});

describe('areaUnderCurve', () => {
  it('is the share of (yes, no) pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(items, (list) => {
        const [yes, no] = [list.filter((item) => item.yes), list.filter((item) => !item.yes)];
        const right = yes.flatMap((a) =>
          no.map((b) => (a.probability > b.probability ? 1 : a.probability === b.probability ? 0.5 : 0)),
        );
        const expected = right.length === 0 ? null : right.reduce((sum: number, one) => sum + one, 0) / right.length;
        const found = areaUnderCurve(list);
        expect(found ?? -1).toBeCloseTo(expected ?? -1, 10);
      }),
    );
  });
});

describe('expectedCalibrationError', () => {
  it('is 0 when the share of yes in every bin equals the prediction', () => {
    const exact = Array.from({ length: 100 }, (_, i) => ({ probability: 0.25, yes: i % 4 === 0 }));
    expect(expectedCalibrationError(exact)).toBeCloseTo(0, 12);
    expect(calibrationCurve(exact)).toEqual([{ from: 0.2, n: 100, meanProbability: 0.25, yesShare: 0.25 }]);
  });

  it('is 0.5 for a certain judge that is half wrong, and null without items', () => {
    expect(expectedCalibrationError([true, false].map((yes) => ({ probability: 1, yes })))).toBe(0.5);
    expect(expectedCalibrationError([])).toBeNull();
  });
});

describe('plattCalibration', () => {
  it('recovers the scale and the shift that the labels were drawn with', () => {
    const generator = random(3);
    const logits = Array.from({ length: 20_000 }, () => generator.normal() * 3);
    const labels = logits.map((x) => generator.next() < 1 / (1 + Math.exp(-(0.5 * x - 1))));
    const { slope, intercept } = plattCalibration(logits, labels);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(intercept).toBeCloseTo(-1, 1);
  });

  it('keeps the order, and stays finite for separable labels', () => {
    const fitted = plattCalibration([-2, -1, 1, 2], [false, false, true, true]);
    const probabilities = [-2, -1, 1, 2].map((x) => calibrated(fitted, x));
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => a - b));
    expect(Object.values(fitted).every(Number.isFinite)).toBe(true);
    expect(calibrated({ slope: 1, intercept: 0 }, 0)).toBe(0.5);
  });

  it('converges for scales far from 1', () => {
    const generator = random(5);
    for (const scale of [0.1, 1, 12]) {
      const logits = Array.from({ length: 4000 }, () => generator.normal() * 4 * scale - 3 * scale);
      const labels = logits.map((x) => generator.next() < 1 / (1 + Math.exp(-x / scale)));
      expect(plattCalibration(logits, labels).slope * scale).toBeCloseTo(1, 0);
    }
  });

  it('rejects labels of one kind', () => {
    expect(() => plattCalibration([1, 2], [true, true])).toThrow(/2 yes, 0 no/);
  });
});

describe('qualityOf', () => {
  it('gives an interval around the area, and null when all labels are equal', () => {
    const generator = random(1);
    const list = Array.from({ length: 400 }, (_, i) => {
      const yes = generator.next() < 0.4;
      return { yes, probability: 1 / (1 + Math.exp(-(generator.normal() + (yes ? 1 : -1)))), cluster: String(i % 80) };
    });
    const { auc, aucInterval } = qualityOf(list, { seed: 1 });
    expect(aucInterval![0]).toBeLessThan(auc!);
    expect(aucInterval![1]).toBeGreaterThan(auc!);
    expect(
      qualityOf(
        list.filter(({ yes }) => yes),
        { seed: 1 },
      ),
    ).toMatchObject({ auc: null, aucInterval: null });
  });
});
