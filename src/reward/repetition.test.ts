import { describe, expect, it } from 'vitest';
import { overlongPenalty } from './format.ts';
import { repeatedShare } from './repetition.ts';

describe('repeatedShare', () => {
  it('is 0 for text that does not repeat itself, and near 1 for one phrase over and over', () => {
    expect(repeatedShare('The towers are of red brick and the signs are in Finnish.')).toBe(0);
    expect(repeatedShare('red brick towers here '.repeat(100))).toBeGreaterThan(0.98);
    expect(repeatedShare('')).toBe(0);
  });

  it('takes a megabyte in its stride', () => {
    expect(repeatedShare('tower '.repeat(170_000))).toBeGreaterThan(0.99);
  });
});

describe('overlongPenalty', () => {
  it('falls from 0 at the buffer’s start to −1 at the maximum', () => {
    const at = (tokens: number) => overlongPenalty({ tokens, maximumTokens: 100, bufferTokens: 20 });
    expect([0, 80, 90, 100, 500].map(at)).toEqual([0, 0, -0.5, -1, -1]);
    expect(() => overlongPenalty({ tokens: 1, maximumTokens: 10, bufferTokens: 11 })).toThrow('11');
  });
});
