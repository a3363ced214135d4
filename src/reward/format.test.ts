import { expect, it } from 'vitest';
import { formatReward } from './format.ts';

const { signal } = new AbortController();

it.each([
  ['<think>a</think><answer>b</answer>', 1],
  ['<think>a</think>\n<answer>b</answer>\n', 1],
  ['a<think>a</think><answer>b</answer>', 0],
  ['<think>a</think><answer>b</answer>c', 0],
  ['<answer>b</answer><think>a</think>', 0],
  ['<think>a</think><think>a</think><answer>b</answer>', 0],
  ['<think>a</think><answer>b', 0],
  ['<answer>b</answer>', 0],
  ['', 0],
])('scores %j as %d', async (completion, value) => {
  const [score] = await formatReward().score([{ id: '1', completion, truth: { country: 'France' } }], { signal });
  expect(score).toEqual({ kind: 'scored', value });
});
