import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanoConfig } from '../config.ts';
import type { Sequence } from '../learning/batch.ts';
import { shareRequests, shareSequences } from './shares.ts';

const config = nanoConfig({ size: 'tiny', vocabularySize: 300 });

it('shareRequests splits the sequences into shares of similar size with unchanged numbers', () => {
  const requests = [5, 2].map((samples) => ({ promptTokens: [1], samples, options: { maxTokens: 4, seed: 1 } }));
  const shares = shareRequests(requests, 2).map((share) =>
    share.map(({ request, part: { samples, firstSample } }) => [request, samples, firstSample]),
  );
  expect(shares).toEqual([
    [[0, 4, 0]],
    [
      [0, 1, 4],
      [1, 2, 0],
    ],
  ]);
});

describe('shareSequences', () => {
  const image = (number: number) =>
    ({
      bytes: new Uint8Array(),
      mediaType: 'image/png',
      widthPixels: 1,
      heightPixels: 1,
      sha256: String(number),
    }) as const;
  const sequence = (prompt: number, length: number, shown = false): Sequence => ({
    ...(shown && { image: image(prompt) }),
    promptTokens: [1, prompt],
    completionTokens: Array.from({ length }, () => 9),
  });
  const lists = fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 30 }), fc.boolean()), { maxLength: 20 });

  const sizesOf = (shares: readonly (readonly number[])[]): number[] =>
    shares.map(({ length }) => length).toSorted((a, b) => a - b);

  it('gives each sequence to one share, in ascending order', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 5 }), (list, count) => {
        const shares = shareSequences(
          list.map((args) => sequence(...args)),
          config,
          count,
        );
        expect(shares).toHaveLength(count);
        expect(shares.flat().toSorted((a, b) => a - b)).toEqual([...list.keys()]);
        for (const share of shares) expect(share).toEqual(share.toSorted((a, b) => a - b));
      }),
    );
  });

  it('keeps sequences with the same prompt together', () => {
    const data = [1, 2, 1, 3, 2, 3, 4, 4].map((prompt) => sequence(prompt, 8));
    for (const share of shareSequences(data, config, 2)) {
      const prompts = share.map((i) => data[i]!.promptTokens[1]!);
      expect(prompts).toHaveLength(4);
      expect(new Set(prompts).size).toBe(2);
    }
  });

  it('splits the sequences of a prompt only if there are fewer prompts than shares', () => {
    const data = Array.from({ length: 5 }, () => sequence(1, 8));
    expect(sizesOf(shareSequences(data, config, 3))).toEqual([1, 2, 2]);
    expect(sizesOf(shareSequences(data.slice(0, 1), config, 3))).toEqual([0, 0, 1]);
  });

  it('balances padded lengths, and counts the cost of images', () => {
    const lengths = [29, 3, 3, 3, 3, 3, 3, 3];
    const long = lengths.map((length, i) => sequence(i, length));
    expect(sizesOf(shareSequences(long, config, 2))).toEqual([2, 6]);
    const mixed = Array.from({ length: 8 }, (_, i) => sequence(i, 4, i < 2));
    const shares = shareSequences(mixed, config, 2);
    expect(shares.map((share) => share.filter((i) => i < 2).length)).toEqual([1, 1]);
  });
});
