import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedImage, tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { promptTokens } from '../chat-template.ts';
import { tokenIds } from '../tokenizer/special-tokens.ts';
import { NanoTrainer } from '../learning/trainer.ts';
import type { SampledSequence, SampleRequest, SamplingOptions } from './requests.ts';
import { NanoSampler } from './sampler.ts';

let images: PreparedImage[];
beforeAll(async () => {
  images = await Promise.all([1, 2, 3].map(numberedImage));
});

const checkpoint = tinyCheckpoint();
const disposables: { dispose(): Promise<void> }[] = [];
afterAll(() => Promise.all(disposables.map((d) => d.dispose())));

function kept<T extends { dispose(): Promise<void> }>(resource: T): T {
  disposables.push(resource);
  return resource;
}

const sampler = kept(new NanoSampler({ ...checkpoint, threads: 1 }));
const few = kept(new NanoSampler({ ...checkpoint, threads: 1, slots: 3 }));

function request(
  image: PreparedImage | undefined,
  samples: number,
  options: Partial<SamplingOptions> = {},
  prompt = 'Where?',
): SampleRequest {
  return {
    ...(image && { image }),
    promptTokens: promptTokens({ prompt, image: image !== undefined }, checkpoint.tokenizer),
    samples,
    options: { maxTokens: 24, seed: 5, ...options },
  };
}

const texts = (result: readonly (readonly SampledSequence[])[]): string[][] =>
  result.map((list) => list.map(({ tokens }) => tokens.join(' ')));

describe('NanoSampler', () => {
  it('returns the same sequences for the same seed, alone or among others, in few slots or many', async () => {
    const requests = [
      request(images[0], 5),
      request(images[1], 4, { seed: 9, temperature: 0.7 }, 'Where was this photo taken? Think first.'),
      request(undefined, 3, { maxTokens: 40 }),
    ];
    const together = texts(await sampler.sample(requests));
    expect(texts(await sampler.sample(requests))).toEqual(together);
    expect(texts(await few.sample(requests))).toEqual(together);
    for (const [i, alone] of requests.entries()) expect(texts(await sampler.sample([alone]))).toEqual([together[i]]);
    expect(new Set(together.flat()).size).toBeGreaterThan(10);
  });

  it.each(['vit', 'mixer'] as const)(
    'reports log-probabilities equal to teacher-forced ones on every token (%s)',
    async (backbone) => {
      const other = tinyCheckpoint({ backbone, seed: 3 });
      const model = kept(new NanoSampler({ ...other, threads: 1, slots: 4 }));
      const trainer = kept(new NanoTrainer({ ...other, threads: 1 }));
      const requests = [
        request(images[0], 6, { maxTokens: 60 }),
        request(undefined, 3, { topK: 20 }),
        request(images[2], 2, { temperature: 0 }),
      ];
      const results = await model.sample(requests);
      const sequences = results.flatMap((list, i) =>
        list.map(({ tokens }) => ({ ...requests[i]!, completionTokens: tokens })),
      );
      const forced = await trainer.computeLogprobs(sequences);
      for (const [i, { logprobs }] of results.flat().entries()) {
        expect(logprobs).toHaveLength(forced[i]!.length);
        for (const [j, logprob] of logprobs.entries()) expect(Math.abs(logprob - forced[i]![j]!)).toBeLessThan(1e-4);
      }
    },
  );

  it('draws first and later tokens with the probabilities of the model', async () => {
    const draws = 3000;
    const everything = { maxTokens: 1, topLogprobs: checkpoint.config.vocabularySize };
    const [sequences] = await sampler.sample([request(images[0], draws, { maxTokens: 2, stopTokens: [] })]);
    const [[whole]] = (await sampler.sample([request(images[0], 1, everything)])) as [[SampledSequence]];
    const first = sequences!.map(({ tokens }) => tokens[0]!);
    expectDrawnFrom(first, expectedCounts([[whole, draws]]));
    // The second tokens are drawn in the graph. Their expected distribution is a mixture of the distributions after
    // each sampled first token.
    const times = new Map<number, number>();
    for (const token of first) times.set(token, (times.get(token) ?? 0) + 1);
    const prompts = [...times.keys()].map((token) => {
      const base = request(images[0], 1, everything);
      return { ...base, promptTokens: [...base.promptTokens, token] };
    });
    const nexts = (await sampler.sample(prompts)).map(([sequence]) => sequence!);
    const second = sequences!.map(({ tokens }) => tokens[1]!);
    expectDrawnFrom(second, expectedCounts([...times.values()].map((count, i) => [nexts[i]!, count])));
  });

  it('ends at a stop token, which is part of the sequence', async () => {
    const [[free]] = (await sampler.sample([request(images[0], 1)])) as [[SampledSequence]];
    const stop = free.tokens[4]!;
    const [[ended]] = (await sampler.sample([request(images[0], 1, { stopTokens: [stop] })])) as [[SampledSequence]];
    expect(ended.finishReason).toBe('stop');
    expect(ended.tokens).toEqual(free.tokens.slice(0, free.tokens.indexOf(stop) + 1));
  });

  it('ends at a stop text', async () => {
    const [[free]] = (await sampler.sample([request(images[0], 1, { seed: 6 })])) as [[SampledSequence]];
    const text = checkpoint.tokenizer.decode(free.tokens.slice(3, 5));
    const [[ended]] = (await sampler.sample([request(images[0], 1, { seed: 6, stop: [text] })])) as [[SampledSequence]];
    expect(ended.finishReason).toBe('stop');
    expect(checkpoint.tokenizer.decode(ended.tokens)).toContain(text);
    expect(ended.tokens.length).toBeLessThanOrEqual(5);
  });

  it('ends when the context is full', async () => {
    const { contextTokens } = checkpoint.config;
    const [[full]] = (await sampler.sample([request(images[0], 1, { maxTokens: 1000, stopTokens: [] })])) as [
      [SampledSequence],
    ];
    expect(full.finishReason).toBe('length');
    expect(full.tokens.length + request(images[0], 1).promptTokens.length).toBeLessThan(contextTokens);
    expect(full.tokens.length).toBeGreaterThan(80);
  });

  it('rejects a prompt that fills the context, and options out of range', async () => {
    const long = { ...request(undefined, 1), promptTokens: Array.from({ length: 500 }, () => tokenIds.user) };
    await expect(sampler.sample([long])).rejects.toThrow(/prompt of 500 tokens leaves no room/);
    await expect(sampler.sample([request(undefined, 1, { temperature: -1 })])).rejects.toThrow(
      /Invalid temperature: -1/,
    );
    await expect(sampler.sample([request(undefined, 0)])).rejects.toThrow(/Invalid samples: 0/);
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(sampler.sample([request(images[0], 1)], { signal: controller.signal })).rejects.toThrow(/abort/i);
  });
});

/**
 * Returns the expected count of each token. An entry of `draws` has a one-token sequence, whose `top` contains the
 * whole distribution, and the number of draws from this distribution.
 */
function expectedCounts(draws: readonly (readonly [SampledSequence, number])[]): Map<number, number> {
  const expected = new Map<number, number>();
  for (const [{ top }, times] of draws) {
    for (const { token, logprob } of top![0]!)
      expected.set(token, (expected.get(token) ?? 0) + times * Math.exp(logprob));
  }
  return expected;
}

/**
 * Checks with Pearson's chi-square test that the tokens have the expected counts. Tokens with an expected count below 5
 * are pooled.
 */
function expectDrawnFrom(tokens: readonly number[], expected: ReadonlyMap<number, number>): void {
  const seen = new Map<number, number>();
  for (const token of tokens) seen.set(token, (seen.get(token) ?? 0) + 1);
  const cells: [seen: number, expected: number][] = [];
  const pooled: [seen: number, expected: number] = [0, 0];
  for (const [token, count] of expected) {
    if (count >= 5) cells.push([seen.get(token) ?? 0, count]);
    else {
      pooled[0] += seen.get(token) ?? 0;
      pooled[1] += count;
    }
  }
  if (pooled[1] >= 5) cells.push(pooled);
  const statistic = cells.reduce((sum, [actual, expected]) => sum + (actual - expected) ** 2 / expected, 0);
  const degrees = cells.length - 1;
  expect(degrees).toBeGreaterThan(50);
  // With d degrees of freedom, a chi-square statistic has mean d and variance 2d. The limit is four standard deviations
  // above the mean.
  expect(statistic).toBeLessThan(degrees + 4 * Math.sqrt(2 * degrees));
}
