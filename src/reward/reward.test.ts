import { expect, it } from 'vitest';
import { scored } from '../core/score.ts';
import { pureReward } from './reward.ts';

const rows = ['a', 'bb'].map((completion) => ({ id: completion, completion, truth: { country: 'Finland' } }));
const length = pureReward('length/1', ({ completion }) => scored(completion.length));

it('scores each row, in order', async () => {
  expect(length.name).toBe('length/1');
  expect(await length.score(rows, { signal: new AbortController().signal })).toEqual([scored(1), scored(2)]);
});

it('rejects when the signal is aborted', async () => {
  await expect(length.score(rows, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
});
