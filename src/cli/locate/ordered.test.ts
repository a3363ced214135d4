import { describe, expect, it } from 'vitest';
import { ordered } from './ordered.ts';

/** Tasks that the test ends one by one. */
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

describe('ordered', () => {
  it('yields in the order of the items, whichever ends first', async () => {
    const { task, end } = gates(3);
    const results = ordered(['a', 'b', 'c'], task, { ahead: 3 });
    const first = results.next();
    end(2);
    end(1);
    end(0);
    expect((await first).value).toBe('result 0');
    expect((await results.next()).value).toBe('result 1');
    expect((await results.next()).value).toBe('result 2');
    expect((await results.next()).done).toBe(true);
  });

  it('starts no more than it may be ahead', async () => {
    const { started, task, end } = gates(5);
    const results = ordered([1, 2, 3, 4, 5], task, { ahead: 2 });
    const first = results.next();
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    end(0);
    await first;
    const second = results.next();
    expect(started).toEqual([0, 1, 2]);
    end(1);
    await second;
  });

  it('throws a failure at its turn, without leaving another unhandled', async () => {
    const { task, end, fail } = gates(2);
    const results = ordered([1, 2], task, { ahead: 2 });
    const first = results.next();
    fail(1);
    await Promise.resolve();
    end(0);
    expect((await first).value).toBe('result 0');
    await expect(results.next()).rejects.toThrow('error 1');
  });
});
