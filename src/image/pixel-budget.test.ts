import { expect, it } from 'vitest';
import { pixelBudget } from './pixel-budget.ts';

it('never hands out more pixels than it has, in the order of the requests', async () => {
  const budget = pixelBudget(10);
  const started: number[] = [];
  const first = await budget.take(6);
  const waiting = [5, 3].map(async (pixels) => {
    const free = await budget.take(pixels);
    started.push(pixels);
    return free;
  });
  await Promise.resolve();
  expect(started).toEqual([]);
  first();
  await Promise.all(waiting);
  expect(started).toEqual([5, 3]);
});

it('lets an image above the budget run alone, and forgets an aborted request', async () => {
  const budget = pixelBudget(10);
  const huge = await budget.take(1000);
  const abort = new AbortController();
  const aborted = budget.take(1, abort.signal);
  const next = budget.take(1);
  abort.abort(new Error('late'));
  await expect(aborted).rejects.toThrow('late');
  huge();
  expect(await next).toBeTypeOf('function');
});
