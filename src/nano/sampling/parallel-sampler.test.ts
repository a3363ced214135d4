import { afterAll, describe, expect, it } from 'vitest';
import { numberedImage, tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import { ParallelSampler, sharesOf } from './parallel-sampler.ts';
import type { SampleRequest } from './requests.ts';
import { NanoSampler } from './sampler.ts';

const checkpoint = tinyCheckpoint();
const parallel = new ParallelSampler({ ...checkpoint, workers: 2 });
afterAll(() => parallel.dispose());

const request = async (samples: number, more: Partial<SampleRequest['options']> = {}): Promise<SampleRequest> => ({
  image: await numberedImage(3),
  promptTokens: [1, 2, 40, 41, 4, 3],
  samples,
  options: { maxTokens: 16, seed: 8, ...more },
});

describe('ParallelSampler', () => {
  it('returns the same sequences as one sampler, in order', async () => {
    await using single = new NanoSampler({ ...checkpoint, threads: 1 });
    const requests = [await request(5), await request(1, { temperature: 0 }), await request(4, { seed: 9 })];
    const tokens = (lists: readonly (readonly { tokens: readonly number[] }[])[]): string[][] =>
      lists.map((list) => list.map((sequence) => sequence.tokens.join(' ')));
    expect(tokens(await parallel.sample(requests))).toEqual(tokens(await single.sample(requests)));
  });

  it('passes on errors and the reason of an abort', async () => {
    await expect(parallel.sample([await request(2, { temperature: -1 })])).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'Invalid temperature: -1.',
    });
    const reason = new Error('enough');
    const controller = new AbortController();
    const sampling = parallel.sample([await request(40, { maxTokens: 100, stopTokens: [] })], {
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(sampling).rejects.toBe(reason);
    expect(await parallel.sample([await request(1)])).toHaveLength(1);
  });
});

describe('sharesOf', () => {
  it('splits the sequences into shares of similar size with unchanged numbers', async () => {
    const shares = sharesOf([await request(5), await request(2)], 2).map((share) =>
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
});
