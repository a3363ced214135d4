import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openGrounder } from './entity-grounder.ts';
import { lexicalMeaning } from './lexical-meaning.ts';

const measure = lexicalMeaning(await openGrounder());
const { signal } = new AbortController();
const similarity = async (a: string, b: string): Promise<number> => measure.similarity(a, b, { signal });

const words = 'the a red old car automobile tree oak church sign Spain Peru tropical dry it shows near with'.split(' ');
const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 20 }).map((list) => list.join(' '));

it('is symmetric, within [0, 1], and 1 for equal texts', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (a, b) => {
      const forward = await similarity(a, b);
      expect(forward).toBeCloseTo(await similarity(b, a), 12);
      expect(forward).toBeGreaterThanOrEqual(0);
      expect(forward).toBeLessThanOrEqual(1);
      expect(await similarity(a, a)).toBe(1);
    }),
    { numRuns: 100 },
  );
});

it('knows that an automobile is a car and an oak a tree', async () => {
  const a = 'An automobile stands under an oak, as in rural Spain.';
  const same = await similarity(a, 'A car stands under a tree: rural Spain.');
  const other = await similarity(a, 'Skyscrapers and a harbour, so this is Singapore.');
  expect(same).toBeGreaterThan(0.7);
  expect(other).toBe(0);
});

it('stops when aborted', async () => {
  const aborted = AbortSignal.abort();
  await expect(measure.similarity('a', 'b', { signal: aborted })).rejects.toThrow('aborted');
});
