import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advantages, type AdvantageScale, gdpoAdvantages } from './advantages.ts';
import golden from './fixtures/golden-grpo.json' with { type: 'json' };

const { inputs } = golden;
const groupSize = inputs.num_generations;
const weights = inputs.reward_weights;
const components = inputs.rewards_per_func;
const totals = components.map((row) => row.reduce((sum, value, k) => sum + weights[k]! * value, 0));
const lengths = inputs.mask.map((row) => row.reduce((sum, value) => sum + value, 0));

function expectClose(actual: readonly (number | null)[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i], `row ${i}`).toBeCloseTo(value, 9);
}

const near = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 12));

describe('advantages equal the engines', () => {
  it.each([
    ['TRL, group', golden.trl_advantages['sum_then_normalize/group'], () => advantages(totals, { groupSize })],
    [
      'TRL, batch',
      golden.trl_advantages['sum_then_normalize/batch'],
      () => advantages(totals, { groupSize, scale: 'batch' }),
    ],
    [
      'TRL, none',
      golden.trl_advantages['sum_then_normalize/none'],
      () => advantages(totals, { groupSize, scale: 'none' }),
    ],
    [
      'TRL, GDPO',
      golden.trl_advantages['normalize_then_sum(gdpo)'],
      () => gdpoAdvantages(components, { groupSize, weights }),
    ],
    ['ms-swift, group', golden.swift_advantages['grpo/group'], () => advantages(totals, { groupSize })],
    ['ms-swift, batch', golden.swift_advantages['grpo/batch'], () => advantages(totals, { groupSize, scale: 'batch' })],
    ['ms-swift, none', golden.swift_advantages['grpo/none'], () => advantages(totals, { groupSize, scale: 'none' })],
    [
      'ms-swift, GDPO',
      golden.swift_advantages['grpo/gdpo'],
      () =>
        gdpoAdvantages(components, {
          groupSize,
          weights,
          groupEpsilon: 1e-8,
          whitening: { over: 'rows', epsilon: 1e-8 },
        }),
    ],
    [
      'ms-swift, RLOO',
      golden.swift_advantages['rloo/none'],
      () => advantages(totals, { groupSize, estimator: 'rloo' }),
    ],
    [
      'ms-swift, REINFORCE++ with baseline',
      golden.swift_advantages['reinforce_plus_plus/batch'],
      () => advantages(totals, { groupSize, estimator: 'reinforce++-baseline' }),
    ],
    ['verl, group', golden.verl_advantages.grpo_norm_std, () => advantages(totals, { groupSize, epsilon: 1e-6 })],
    [
      'verl, Dr.GRPO',
      golden.verl_advantages['grpo_no_std(dr_grpo)'],
      () => advantages(totals, { groupSize, scale: 'none' }),
    ],
    ['verl, RLOO', golden.verl_advantages.rloo, () => advantages(totals, { groupSize, estimator: 'rloo' })],
    [
      'verl, pass@k',
      golden.verl_advantages.grpo_passk,
      () => advantages(totals, { groupSize, estimator: 'pass@k', epsilon: 1e-6 }),
    ],
  ])('%s', (_, expected, actual) => {
    expectClose(actual(), expected);
  });

  const overTokens = { over: 'tokens', epsilon: 1e-8, lengths } as const;

  it.each([
    [
      'GDPO',
      golden.verl_advantages['gdpo(weights)'],
      () => gdpoAdvantages(components, { groupSize, weights, groupEpsilon: 1e-6, whitening: overTokens }),
    ],
    [
      'REINFORCE++ with baseline',
      golden.verl_advantages.reinforce_pp_baseline,
      () => advantages(totals, { groupSize, estimator: 'reinforce++-baseline', whitening: overTokens }),
    ],
  ])('verl, %s, whitened over tokens', (_, expected, actual) => {
    // A tolerance of 1e-6 is required. The values of GDPO differ from verl's in the eighth significant digit; we do not
    // know why.
    const values = actual();
    for (const [i, value] of expected.entries()) expect(values[i], `row ${i}`).toBeCloseTo(value, 6);
  });

  it('TRL with an unscored row, which leaves its group', () => {
    // Row 1 is unscored. In the golden run, component 1 of row 6 was missing, and TRL counts a missing component as 0.
    // `totals` still includes it, so it is subtracted here.
    const seen = totals.map((total, i) =>
      i === 1 ? null : i === 6 ? total - weights[1]! * components[6]![1]! : total,
    );
    const expected = golden.trl_advantages['with_none: row1 all None, row6 func1 None; sum_then_normalize/group'];
    const actual = advantages(seen, { groupSize });
    expect(actual[1]).toBeNull();
    expectClose(
      actual.map((value) => value ?? 0),
      expected,
    );
  });
});

describe('advantages', () => {
  const reward = fc.option(fc.double({ min: -5, max: 5, noNaN: true }), { nil: null });
  const batch = fc.array(fc.array(reward, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 5 });

  it('sum to zero in every group, keep null null, and are finite', () => {
    fc.assert(
      fc.property(batch, fc.constantFrom<AdvantageScale>('group', 'batch', 'none'), (groups, scale) => {
        const result = advantages(groups.flat(), { groupSize: 4, scale });
        for (const [g, group] of groups.entries()) {
          const own = result.slice(4 * g, 4 * g + 4);
          expect(own.map((value) => value === null)).toEqual(group.map((value) => value === null));
          expect(Math.abs(own.reduce<number>((sum, value) => sum + (value ?? 0), 0))).toBeLessThan(1e-9 * 1e6);
          expect(own.every((value) => value === null || Number.isFinite(value))).toBe(true);
        }
      }),
    );
  });

  it('are zero in a group without variance', () => {
    expect(advantages([1, 1, 1, 1], { groupSize: 4 })).toEqual([0, 0, 0, 0]);
  });

  it.each(['group', 'batch'] as const)('are zero for the only scored row, scale %s', (scale) => {
    expect(advantages([null, 2], { groupSize: 2, scale })).toEqual([null, 0]);
  });

  it('do not depend on unscored rows: the rest of the group has the advantages of a smaller group', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }), (scored) => {
        const [a, b, c] = scored;
        const withNull = advantages([a!, null, b!, c!], { groupSize: 4 });
        expect([withNull[0], withNull[2], withNull[3]]).toEqual(advantages(scored, { groupSize: 3 }));
      }),
    );
  });

  // The group [0, 2] has mean 1 and deviation √2. The large epsilon of 0.5 shows whether the formula adds it to the
  // deviation.
  it.each([
    ['group', [0, 2, 5, 5], [-1 / (Math.SQRT2 + 0.5), 1 / (Math.SQRT2 + 0.5), 0, 0]],
    // The deviation of the scored rewards 0, 2 and 4 is 2.
    ['batch', [0, 2, null, 4], [-1 / 2.5, 1 / 2.5, null, 0]],
    ['none', [0, 2, 1, 5], [-1, 1, -2, 2]],
  ] as const)('divide by deviation plus epsilon, scale %s', (scale, rewards, expected) => {
    const actual = advantages(rewards, { groupSize: 2, scale, epsilon: 0.5 });
    expect(actual).toEqual(expected.map(near));
  });

  it('pass@k gives the best of a group its lead over the second, divided by deviation plus epsilon', () => {
    const options = { estimator: 'pass@k', epsilon: 0.5 } as const;
    expect(advantages([0, 2], { ...options, groupSize: 2 })).toEqual([0, 2 / (Math.SQRT2 + 0.5)]);
    expect(advantages([null, 2], { ...options, groupSize: 2 })).toEqual([null, 0]);
  });

  it('RLOO gives 0 to a group with one scored row', () => {
    expect(advantages([null, 3, 0, 2], { groupSize: 2, estimator: 'rloo' })).toEqual([null, 0, -2, 2]);
  });

  it('whiten over the scored rows: divided by the deviation plus epsilon', () => {
    // The centred rewards [-1, 1, null, 0] have mean 0 and deviation 1 over the scored rows.
    const whitening = { over: 'rows', epsilon: 0.25 } as const;
    const options = { groupSize: 2, estimator: 'reinforce++-baseline', whitening } as const;
    expect(advantages([0, 2, null, 7], options)).toEqual([-0.8, 0.8, null, 0]);
  });

  it('whiten over the tokens of scored rows: divided by the root of variance plus epsilon', () => {
    // Counted once per token, the centred rewards are [-1, 1, 1, 0, 0], with mean 0.2 and variance 2.8 / 4.
    const whitening = { over: 'tokens', epsilon: 0.3, lengths: [1, 2, 9, 2] } as const;
    const options = { groupSize: 2, estimator: 'reinforce++-baseline', whitening } as const;
    const [first, second, third, fourth] = advantages([0, 2, null, 7], options);
    expect(third).toBeNull();
    expect([first, second, fourth]).toEqual([-1.2, 0.8, -0.2].map(near));
  });

  it('reject an unknown estimator', () => {
    expect(() => advantages([1, 2], { groupSize: 2, estimator: 'ppo' as never })).toThrow('ppo');
  });

  it('reject rewards that do not form whole groups', () => {
    expect(() => advantages([1, 2, 3], { groupSize: 2 })).toThrow('Cannot split 3 rewards into groups of 2');
  });

  it('GDPO excludes a row when any of its components is unscored', () => {
    const rows = [
      [1, 0.5],
      [0, null],
      [0.2, 0.1],
      [0.4, 0.9],
    ];
    const result = gdpoAdvantages(rows, { groupSize: 4, weights: [1, 0.5] });
    expect(result[1]).toBeNull();
    expect(result.filter((value) => value !== null)).toHaveLength(3);
  });
});
