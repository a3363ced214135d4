import { describe, expect, it } from 'vitest';
import type { Completion, TokenLogprob } from './vision-model.ts';
import { yesFrequency, yesProbability } from './yes-no.ts';

/** A first token with probability `p`, and the alternatives that the server lists. */
function firstToken(token: string, p: number, top?: Readonly<Record<string, number>>): Completion {
  const alternatives = top && Object.entries(top).map(([other, q]) => ({ token: other, logprob: Math.log(q) }));
  const first: TokenLogprob = { token, logprob: Math.log(p), ...(alternatives && { top: alternatives }) };
  return { text: token, finishReason: 'length', logprobs: [first] };
}

describe('yesProbability', () => {
  it('adds the chosen token to the alternatives if the server does not list it', () => {
    expect(yesProbability(firstToken('yes', 0.9, { no: 0.1 }))).toBeCloseTo(0.9, 12);
    expect(yesProbability(firstToken('yes', 0.6, { yes: 0.6, no: 0.2 }))).toBeCloseTo(0.75, 12);
  });

  it('is unknown, neither 0 nor 1, if only one of the two words is listed', () => {
    expect(yesProbability(firstToken('yes', 0.51))).toBeUndefined();
    expect(yesProbability(firstToken('no', 0.51, {}))).toBeUndefined();
    expect(yesProbability(firstToken('no', 0.51, { No: 0.1, maybe: 0.1 }))).toBeUndefined();
  });

  it('is known for one word if the rest is tiny, up to half of the rest', () => {
    expect(yesProbability(firstToken('yes', 0.999))).toBeCloseTo(0.9995, 6);
    expect(yesProbability(firstToken('no', 0.999))).toBeCloseTo(0.0005, 6);
    expect(yesProbability(firstToken('yes', 1, { yes: 1, no: 0 }))).toBe(1);
  });

  it('is unknown without log-probabilities, and with neither word', () => {
    expect(yesProbability({ text: 'yes', finishReason: 'stop' })).toBeUndefined();
    expect(yesProbability(firstToken('perhaps', 0.9, { perhaps: 0.9, maybe: 0.1 }))).toBeUndefined();
  });

  it('accepts tokens of any length', () => {
    const token = `${'.'.repeat(200_000)}x`;
    const garbage = { text: token, finishReason: 'length', logprobs: [{ token, logprob: -0.1 }] } as const;
    expect(yesProbability(garbage)).toBeUndefined();
  });

  it('forgives a log-probability of 0.01, the rounding of half precision', () => {
    const rounded = { text: 'yes', finishReason: 'length', logprobs: [{ token: 'yes', logprob: 0.01 }] } as const;
    expect(yesProbability(rounded)).toBe(1);
  });

  it.each([1000, Number.NaN])('refuses a log-probability of %d', (logprob) => {
    const garbage = { text: 'yes', finishReason: 'length', logprobs: [{ token: 'yes', logprob }] } as const;
    expect(() => yesProbability(garbage)).toThrow(String(logprob));
  });
});

describe('yesFrequency', () => {
  it('is smoothed, and undefined without a yes or no', () => {
    const text = (spoken: string): Completion => ({ text: spoken, finishReason: 'stop' });
    expect(yesFrequency([text('Yes.'), text('no'), text('YES')])).toBe(0.6);
    expect(yesFrequency([text('maybe')])).toBeUndefined();
  });
});

describe('the words that count', () => {
  it.each([
    ['yes!!', 0.75],
    ['y.es', Number.NaN],
  ])('takes %j with 0.6 beside no with 0.2 for P(yes) = %d', (token, expected) => {
    const probability = yesProbability(firstToken(token, 0.6, { [token]: 0.6, no: 0.2 })) ?? Number.NaN;
    expect(Math.round(probability * 1e9) / 1e9).toBe(expected);
  });

  it('is 1/2 if both are equally likely', () => {
    expect(yesProbability(firstToken('yes', 0.5, { yes: 0.5, no: 0.5 }))).toBeCloseTo(0.5, 12);
  });

  // The unlisted tokens have probability 0.02 together and yes has only 0.001, so the share of yes is unknown.
  it('is unknown if the rest is larger than the word itself', () => {
    expect(yesProbability(firstToken('yes', 0.001, { yes: 0.001, maybe: 0.979 }))).toBeUndefined();
  });

  it('is exactly the middle of the possible values for no alone: (0.005 / 2) / (0.995 + 0.005 / 2)', () => {
    expect(yesProbability(firstToken('no', 0.995))).toBeCloseTo(0.0025 / 0.9975, 12);
    expect(yesProbability(firstToken('yes', 0.995))).toBeCloseTo(0.995 / 0.9975, 12);
  });

  it('counts only answers that start with the word', () => {
    const text = (spoken: string): Completion => ({ text: spoken, finishReason: 'stop' });
    expect(yesFrequency([text('I say yes'), text('"No.'), text('ayes')])).toBeCloseTo(1 / 3, 12);
  });
});
