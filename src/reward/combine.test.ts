import { describe, expect, it } from 'vitest';
import { scored, unscored } from '../core/score.ts';
import { combinedReward, type TotalReward, totalOf, weightsProblem } from './combine.ts';
import { groupStatistics } from './group-statistics.ts';
import { pureReward } from './reward.ts';

const { signal } = new AbortController();
const row = { id: '1', completion: '', truth: { country: 'Finland' } };

describe('totalOf', () => {
  it('is the weighted sum', () => {
    const components = { accuracy: scored(1), localizability: scored(0.5), visual: scored(0.25), format: scored(0) };
    expect(totalOf(components, { accuracy: 1, localizability: 0.5, visual: 0.2, format: 1 })).toEqual(scored(1.3));
  });

  it('is unscored if weighted components are missing, and names them all', () => {
    const components = { accuracy: scored(1), localizability: unscored('judge down') };
    expect(totalOf(components, { accuracy: 1, localizability: 0.5, visual: 0.2 })).toEqual(
      unscored('localizability: judge down; visual: no such reward is configured'),
    );
  });

  it('is permanently unscored if a weighted reward is not configured', () => {
    expect(totalOf({}, { accuracy: 1 })).toEqual(unscored('accuracy: no such reward is configured'));
  });

  it('is temporarily unscored only if every missing component is', () => {
    const weights = { accuracy: 1, localizability: 0.5 };
    const localizability = unscored('judge down', { temporary: true });
    expect(totalOf({ accuracy: scored(1), localizability }, weights)).toMatchObject({ temporary: true });
    expect(totalOf({ accuracy: unscored('no truth'), localizability }, weights)).not.toHaveProperty('temporary');
  });

  it('does not need components without weight', () => {
    expect(totalOf({ accuracy: scored(1), visual: unscored('x') }, { accuracy: 2, visual: 0 })).toEqual(scored(2));
  });
});

describe('combinedReward', () => {
  it('does not run a reward without weight', async () => {
    const forbidden = pureReward('visual', () => {
      throw new Error('must not run');
    });
    const combined = combinedReward(
      { accuracy: pureReward('accuracy', () => scored(1)), visual: forbidden },
      { accuracy: 1, visual: 0 },
    );
    expect(combined.name).toBe('1·accuracy');
    expect(await combined.score([row], { signal })).toEqual([
      { components: { accuracy: scored(1) }, total: scored(1) },
    ]);
  });
});

describe('groupStatistics', () => {
  const rows = (accuracy: (number | null)[], format: number[]): TotalReward[] =>
    accuracy.map((value, i) => {
      const components = { accuracy: value === null ? unscored('x') : scored(value), format: scored(format[i]!) };
      return { components, total: totalOf(components, { accuracy: 1, format: 1 }) };
    });

  it('counts constant groups, unscored rows and each component’s share', () => {
    const statistics = groupStatistics(rows([1, 1, 0, 1, null, 1], [1, 1, 1, 1, 1, 1]), {
      groupSize: 2,
      weights: { accuracy: 1, format: 1 },
    });
    expect(statistics).toMatchObject({ rows: 6, groups: 3, constantGroupShare: 0.5 });
    expect(statistics.unscoredShare).toBeCloseTo(1 / 6, 12);
    expect(statistics.components.format).toMatchObject({ mean: 1, constantGroupShare: 1, unscoredShare: 0 });
    expect(statistics.components.accuracy?.mean).toBeCloseTo(0.8, 12);
    expect(statistics.components.accuracy?.shareOfTotal).toBeCloseTo(0.8 / 1.8, 12);
  });

  it('computes shares over the rows that have a total, so that they sum to 1 during a partial outage of the judge', () => {
    const weights = { accuracy: 1, localizability: 0.5 };
    const row = (accuracy: number, judged: number | null): TotalReward => {
      const localizability = judged === null ? unscored('judge down') : scored(judged);
      const components = { accuracy: scored(accuracy), localizability };
      return { components, total: totalOf(components, weights) };
    };
    const partly = [row(1, null), row(1, null), row(0, 0.2), row(1, 0.4)];
    const { components } = groupStatistics(partly, { groupSize: 2, weights });
    expect(components.accuracy).toMatchObject({ mean: 0.75, shareOfTotal: expect.closeTo(1 / 1.3, 12) });
    expect(components.localizability?.shareOfTotal).toBeCloseTo(0.3 / 1.3, 12);
  });

  it('refuses an incomplete group, and names both numbers', () => {
    expect(() => groupStatistics(rows([1, 0, 1], [1, 1, 1]), { groupSize: 2, weights: {} })).toThrow(
      '3 rows cannot be divided into groups of 2',
    );
  });

  it('correlates components over the rows that have both, unless one is constant', () => {
    const varied = groupStatistics(rows([0, 1, 0, 1], [0, 1, 0, 1]), { groupSize: 2, weights: {} });
    expect(varied.correlations).toEqual([{ a: 'accuracy', b: 'format', r: expect.closeTo(1, 12) }]);
    const constant = groupStatistics(rows([0, 1, 0, 1], [1, 1, 1, 1]), { groupSize: 2, weights: {} });
    expect(constant.correlations[0]?.r).toBeNull();
  });
});

describe('weightsProblem', () => {
  it('ignores undefined weights', () => {
    expect(weightsProblem({ accuracy: 1, visual: undefined })).toBeUndefined();
    expect(weightsProblem({ visual: undefined })).toBe('no reward has a weight above 0');
  });
});

describe('groupStatistics at its edges', () => {
  const column = (values: (number | null)[], totals: (number | null)[] = values): TotalReward[] =>
    values.map((value, i) => ({
      components: { accuracy: value === null ? unscored('x') : scored(value) },
      total: totals[i] == null ? unscored('x') : scored(totals[i]),
    }));
  const weights = { accuracy: 1 };

  it.each([0, -1, 1.5])('refuses groups of %d', (groupSize) => {
    expect(() => groupStatistics([], { groupSize, weights })).toThrow(String(groupSize));
  });

  it('has no share of constant groups for groups of one row, and no statistics for an empty list', () => {
    expect(groupStatistics(column([1, 1]), { groupSize: 1, weights }).constantGroupShare).toBeNull();
    expect(groupStatistics([], { groupSize: 2, weights })).toEqual({
      rows: 0,
      groups: 0,
      unscoredShare: 0,
      constantGroupShare: null,
      components: {},
      correlations: [],
    });
  });

  it.each([
    ['the totals are 0', [0, 0], [0, 0]],
    ['no row has a total', [1, 1], [null, null]],
    ['no row has the component', [null, null], [1, 1]],
    ['the component is scored only in rows without a total', [1, null], [null, 1]],
  ])('has no share if %s', (_, values, totals) => {
    const { components } = groupStatistics(column(values, totals), { groupSize: 2, weights });
    expect(components['accuracy']?.shareOfTotal).toBeNull();
  });

  it('gives a component without a weight the share 0', () => {
    const { components } = groupStatistics(column([1, 1]), { groupSize: 2, weights: {} });
    expect(components['accuracy']?.shareOfTotal).toBe(0);
  });

  it('correlates only rows that have both: r of (0, 1), (1, 0), (1, 1) is −1/2', () => {
    const pairs: [number | null, number | null][] = [
      [0, 1],
      [null, 5],
      [1, 0],
      [9, null],
      [1, 1],
      [null, null],
    ];
    const rows = pairs.map(([a, b]): TotalReward => ({
      components: {
        accuracy: a === null ? unscored('x') : scored(a),
        format: b === null ? unscored('x') : scored(b),
      },
      total: scored(0),
    }));
    const { correlations } = groupStatistics(rows, { groupSize: 2, weights });
    expect(correlations).toEqual([{ a: 'accuracy', b: 'format', r: expect.closeTo(-0.5, 12) }]);
  });

  it('counts a row without a component as unscored for it', () => {
    const rows: TotalReward[] = [...column([1]), { components: { format: scored(1) }, total: scored(1) }];
    expect(groupStatistics(rows, { groupSize: 2, weights }).components['accuracy']).toMatchObject({
      mean: 1,
      unscoredShare: 0.5,
    });
  });

  it('has no correlation if the first component is constant', () => {
    const rows = [0, 1].map((value): TotalReward => ({
      components: { accuracy: scored(1), format: scored(value) },
      total: scored(1),
    }));
    expect(groupStatistics(rows, { groupSize: 2, weights }).correlations[0]?.r).toBeNull();
  });
});
