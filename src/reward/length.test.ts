import { describe, expect, it } from 'vitest';
import { lengthReward, overlongPenalty } from './length.ts';

const { signal } = new AbortController();
const limits = { maxTokens: 100, bufferTokens: 20 };
const row = (more: { completion?: string; completionTokens?: number; cutOff?: boolean }) => ({
  id: '1',
  completion: '',
  truth: { country: 'Finland' },
  ...more,
});

describe('overlongPenalty', () => {
  it.each([
    [0, 0],
    [80, 0],
    [90, -0.5],
    [100, -1],
    [5000, -1],
  ])('of %d tokens, with 20 before a maximum of 100, is %d', (tokens, penalty) => {
    expect(overlongPenalty(tokens, limits)).toBeCloseTo(penalty, 12);
  });

  it('refuses a buffer above the maximum', () => {
    expect(() => overlongPenalty(1, { maxTokens: 10, bufferTokens: 11 })).toThrow('buffer of 11');
  });
});

describe('lengthReward', () => {
  it('uses the token count of the row, and names the unit', async () => {
    const [score] = await lengthReward(limits).score([row({ completion: 'one two', completionTokens: 90 })], {
      signal,
    });
    expect(score).toEqual({ kind: 'scored', value: -0.5, detail: { unit: 'tokens', length: 90 } });
  });

  it('otherwise counts words, or characters in scripts without spaces, and names the unit', async () => {
    const texts = [`<think>${'word '.repeat(88)}</think>`, '東'.repeat(90)];
    const scores = await lengthReward(limits).score(
      texts.map((completion) => row({ completion })),
      { signal },
    );
    for (const score of scores) expect(score).toMatchObject({ value: -0.5, detail: { unit: 'words', length: 90 } });
  });

  it('counts a completion that was cut off as overlong if its tokens are unknown', async () => {
    const scores = await lengthReward(limits).score(
      [row({ completion: 'one', cutOff: true }), row({ completion: 'one', cutOff: true, completionTokens: 5 })],
      { signal },
    );
    expect(scores).toMatchObject([{ value: -1 }, { value: 0 }]);
  });
});

describe('the edges of the penalty', () => {
  it.each([
    [81, -0.05],
    [99, -0.95],
    [101, -1],
  ])('of %d tokens is %d', (tokens, penalty) => {
    expect(overlongPenalty(tokens, limits)).toBeCloseTo(penalty, 12);
  });

  it('may fall over the whole maximum, but a buffer of 0 is refused', () => {
    expect(overlongPenalty(5, { maxTokens: 10, bufferTokens: 10 })).toBe(-0.5);
    expect(() => overlongPenalty(1, { maxTokens: 10, bufferTokens: 0 })).toThrow('buffer of 0');
  });

  it('reports whether a completion measured in words was cut off', async () => {
    const rows = [row({ completion: 'one' }), row({ completion: '' }), row({ completion: 'one', cutOff: true })];
    expect(await lengthReward(limits).score(rows, { signal })).toEqual([
      { kind: 'scored', value: 0, detail: { unit: 'words', length: 1, cutOff: false } },
      { kind: 'scored', value: 0, detail: { unit: 'words', length: 0, cutOff: false } },
      { kind: 'scored', value: -1, detail: { unit: 'words', length: 1, cutOff: true } },
    ]);
  });
});
