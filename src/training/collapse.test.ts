import { describe, expect, it } from 'vitest';
import { collapseReason, DEFAULT_COLLAPSE_LIMITS } from './collapse.ts';
import type { GrpoMetrics } from './step-metrics.ts';

const healthy = {
  entropy: 0.8,
  completionTokens: 60,
  cutOffShare: 0.1,
  answeredShare: 0.9,
  statistics: { unscoredShare: 0 },
} as GrpoMetrics;
const { patience } = DEFAULT_COLLAPSE_LIMITS;
const times = (count: number, more: object): GrpoMetrics[] =>
  Array.from({ length: count }, () => ({ ...healthy, ...more }));

describe('collapseReason', () => {
  it.each([
    ['no reward', { statistics: { unscoredShare: 0.9 } }, '90 %'],
    ['one answer only', { entropy: 0.001 }, '0.0010 nats'],
    ['silence', { completionTokens: 2 }, '2.0 tokens'],
    ['endless text', { cutOffShare: 1 }, 'length limit'],
  ])('stops after enough steps with %s, and reports the value', (_, bad, value) => {
    expect(collapseReason(times(patience, bad))).toContain(value);
    expect(collapseReason(times(patience - 1, bad))).toBeUndefined();
    expect(collapseReason([...times(patience - 1, bad), healthy, ...times(patience - 1, bad)])).toBeUndefined();
  });

  it('stops a policy that has learnt to refuse, but not one that has yet to learn to answer', () => {
    const refuses = times(patience, { answeredShare: 0.02 });
    expect(collapseReason([...times(patience, {}), ...refuses])).toContain('2 % of the completions name a place');
    expect(collapseReason([...times(patience, {}), ...refuses.slice(1)])).toBeUndefined();
    expect(collapseReason([...times(patience, { answeredShare: 0 }), ...refuses])).toBeUndefined();
  });

  it('does not stop a healthy run', () => {
    expect(collapseReason(times(100, {}))).toBeUndefined();
  });
});
