import { describe, expect, it } from 'vitest';
import { repeatedShare } from './repetition.ts';

describe('repeatedShare', () => {
  it('is 0 for text without repetition, and near 1 for one phrase over and over', () => {
    expect(repeatedShare('The towers are of red brick and the signs are in Finnish.')).toBe(0);
    expect(repeatedShare('red brick towers here '.repeat(100))).toBeGreaterThan(0.98);
    expect(repeatedShare('')).toBe(0);
  });

  it('is fast for a megabyte of text', () => {
    expect(repeatedShare('tower '.repeat(170_000))).toBeGreaterThan(0.99);
  });
});

it.each([
  ['a b c d e', 0],
  ['a a a a a', 1 / 2],
  ['A a a A a', 1 / 2],
  ['a b c d a b c d', 1 / 5],
  // Upper-casing would turn both "ß" and "ss" into "SS".
  ['ß ß ß ß ss', 0],
  ['a a a a', 0],
])('of "%s" is %d: runs of four that came before, by runs', (text, share) => {
  expect(repeatedShare(text)).toBeCloseTo(share, 12);
});
