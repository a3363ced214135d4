import { describe, expect, it } from 'vitest';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { imagePatches, imageTokens, nanoConfig } from '../config.ts';
import { batchArrays, intoBatches, MAX_BATCH_TOKENS, type Sequence } from './batch.ts';

const config = nanoConfig({ size: 'tiny', vocabularySize: 300 });

const image = (sha256: string): PreparedImage => ({
  bytes: new Uint8Array(),
  mediaType: 'image/png',
  widthPixels: 8,
  heightPixels: 8,
  sha256,
});

const counting = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

const sequence = (shown: string, prompt: number, completion: number): Sequence => ({
  image: image(shown),
  promptTokens: counting(10, prompt),
  completionTokens: counting(100, completion),
});

const arraysOf = (sequences: readonly Sequence[], images = true) =>
  batchArrays({ sequences, images }, config, () =>
    Promise.resolve(new Float32Array(imagePatches(config) * config.image.patchPixels ** 2 * 3)),
  );

describe('intoBatches', () => {
  it('keeps completions of one prompt together if they fit', () => {
    const sequences = ['a', 'b', 'c'].flatMap((shown, i) => counting(1, 4).map((n) => sequence(shown, 5, 8 * i + n)));
    const batches = intoBatches(sequences, config, 4 * 8 + imageTokens(config) + 4);
    expect(batches.map((batch) => batch.sequences.map((one) => one.image!.sha256).join(''))).toEqual([
      'aaaa',
      'bb',
      'bb',
      'c',
      'c',
      'c',
      'c',
    ]);
  });

  it('counts a prompt once: more completions of one prompt fit than of many', () => {
    const [one, many] = [() => 'same', (i: number) => String(i)].map((shown) =>
      intoBatches(
        counting(0, 12).map((i) => sequence(shown(i), 9, 4)),
        config,
        100,
      ),
    );
    expect(one!.length).toBeLessThan(many!.length);
  });

  it('keeps every sequence, within the limit or alone', () => {
    const sequences = counting(0, 60).map((i) => sequence(String(i % 7), 1 + (i % 5), 1 + ((i * 7) % 20)));
    const batches = intoBatches(sequences, config, 120);
    expect(new Set(batches.flatMap((batch) => batch.sequences))).toEqual(new Set(sequences));
    for (const { sequences: list } of batches.filter((batch) => batch.sequences.length > 1)) {
      const prompts = new Set(list.map((one) => `${one.image!.sha256} ${one.promptTokens.length}`)).size;
      const prompt = Math.max(...list.map((one) => one.promptTokens.length - 1));
      const completion = Math.max(...list.map((one) => one.completionTokens.length));
      const positions = prompts * (imageTokens(config) + prompt) + list.length * completion;
      expect(positions).toBeLessThanOrEqual(120);
    }
  });

  it('bounds the prompt positions that completions read', () => {
    const prompt = config.contextTokens - imageTokens(config) - 8;
    const sequences = counting(0, 300).map(() => sequence('a', prompt, 1));
    const sizes = intoBatches(sequences, config).map((batch) => batch.sequences.length);
    expect(Math.max(...sizes) * (imageTokens(config) + prompt)).toBeLessThan(4.5 * MAX_BATCH_TOKENS);
  });

  it('separates text and images', () => {
    const { image: _, ...text } = sequence('a', 3, 3);
    expect(intoBatches([sequence('a', 3, 3), text], config).map(({ images }) => images)).toEqual([true, false]);
  });

  it('rejects sequences beyond the context or without a prompt', () => {
    const room = config.contextTokens - imageTokens(config);
    expect(() => intoBatches([sequence('a', 5, room - 4)], config)).not.toThrow();
    expect(() => intoBatches([sequence('a', 5, room - 3)], config)).toThrow(/does not fit the model/);
    expect(() => intoBatches([{ promptTokens: [], completionTokens: [1] }], config)).toThrow(/needs a prompt/);
  });
});

describe('batchArrays', () => {
  it('contains each prompt once without its last token, which precedes every completion', async () => {
    const arrays = await arraysOf([sequence('a', 3, 2), sequence('b', 2, 3), sequence('a', 3, 1)]);
    expect(arrays['promptTokens']!.shape).toEqual([2, 4]);
    expect(Array.from(arrays['promptTokens']!.data).slice(0, 2)).toEqual([10, 11]);
    expect(Array.from(arrays['promptTokens']!.data).slice(4, 5)).toEqual([10]);
    expect(Array.from(arrays['promptOf']!.data)).toEqual([0, 1, 0]);
    const prefix = imageTokens(config);
    expect(Array.from(arrays['starts']!.data)).toEqual([prefix + 2, prefix + 1, prefix + 2]);
    expect(Array.from(arrays['tokens']!.data).slice(0, 2)).toEqual([12, 100]);
    expect(Array.from(arrays['tokens']!.data).slice(4, 7)).toEqual([11, 100, 101]);
    expect(Array.from(arrays['tokens']!.data).slice(8, 9)).toEqual([12]);
    expect(Array.from(arrays['rows']!.data)).toEqual([0, 1, 4, 5, 6, 8]);
    expect(Array.from(arrays['targets']!.data)).toEqual([100, 101, 100, 101, 102, 100]);
    expect(arrays['patches']!.shape[0]).toBe(2);
  });

  it('does not pad prompts beyond the context', async () => {
    const narrow = { ...config, contextTokens: 30 };
    const { image: _, ...text } = sequence('a', 30, 1);
    const arrays = await batchArrays({ sequences: [text], images: false }, narrow, () => Promise.reject(new Error()));
    expect(arrays['promptTokens']!.shape).toEqual([1, 30]);
  });

  it('accepts a prompt of one token', async () => {
    const { image: _, ...text } = sequence('a', 1, 2);
    const arrays = await arraysOf([text], false);
    expect(arrays['promptTokens']!.shape).toEqual([1, 1]);
    expect(Array.from(arrays['starts']!.data)).toEqual([0]);
  });
});
