import { describe, expect, it } from 'vitest';
import { orderedMap } from './ordered-map.ts';

/** Creates tasks that the test completes one by one. */
function gates(count: number) {
  const started: number[] = [];
  const all = Array.from({ length: count }, () => Promise.withResolvers<string>());
  const task = async (_: unknown, index: number): Promise<string> => {
    started.push(index);
    return all[index]!.promise;
  };
  return {
    started,
    task,
    end: (index: number) => all[index]!.resolve(`result ${index}`),
    fail: (index: number) => all[index]!.reject(new Error(`error ${index}`)),
  };
}

/** Waits until `orderedMap` has started all tasks that its concurrency allows. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('orderedMap', () => {
  it('yields in the order of the items, whichever ends first', async () => {
    const { task, end } = gates(3);
    const results = orderedMap(['a', 'b', 'c'], task, { concurrency: 3 });
    const first = results.next();
    end(2);
    end(1);
    end(0);
    expect((await first).value).toBe('result 0');
    expect((await results.next()).value).toBe('result 1');
    expect((await results.next()).value).toBe('result 2');
    expect((await results.next()).done).toBe(true);
  });

  it('starts at most as many tasks as it may run ahead', async () => {
    const { started, task, end } = gates(5);
    const results = orderedMap([1, 2, 3, 4, 5], task, { concurrency: 2 });
    const first = results.next();
    await settled();
    expect(started).toEqual([0, 1]);
    end(0);
    await first;
    const second = results.next();
    await settled();
    expect(started).toEqual([0, 1, 2]);
    end(1);
    await second;
  });

  it('throws a failure in order, and leaves no rejection unhandled', async () => {
    const { task, end, fail } = gates(2);
    const results = orderedMap([1, 2], task, { concurrency: 2 });
    const first = results.next();
    await settled();
    fail(1);
    await settled();
    end(0);
    expect((await first).value).toBe('result 0');
    await expect(results.next()).rejects.toThrow('error 1');
  });
});
