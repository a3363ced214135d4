import { describe, expect, it } from 'vitest';
import { scored } from './score.ts';

describe('scored', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('rejects %d', (value) => {
    expect(() => scored(value)).toThrow(`Invalid score: ${value}`);
  });

  it('keeps a value with its detail', () => {
    expect(scored(0.5, { n: 1 })).toEqual({ kind: 'scored', value: 0.5, detail: { n: 1 } });
  });
});
