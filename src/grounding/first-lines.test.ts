import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstLines } from './first-lines.ts';

it('finds what a search of every line for every phrase finds', () => {
  const word = fc.constantFrom('a', 'b', 'ab');
  const text = fc.array(word, { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 4 })), fc.array(text), (phrases, lines) => {
      const joined = phrases.map((phrase) => phrase.join(' '));
      const expected = joined.flatMap((phrase) => {
        const line = lines.findIndex((words) => ` ${words.join(' ')} `.includes(` ${phrase} `));
        return line < 0 ? [] : [[phrase, line] as const];
      });
      expect(firstLines(joined, lines)).toEqual(new Map(expected));
    }),
  );
});

it('takes time in proportion to phrases plus lines', () => {
  const phrases = Array.from({ length: 10_000 }, (_, i) => `a a a a a a ${i}`);
  const lines = Array.from({ length: 1000 }, () => Array<string>(1000).fill('a'));
  const start = performance.now();
  expect(firstLines(phrases, lines).size).toBe(0);
  // A search that compares each of 10,000 phrases with 2 MB of lines would take minutes.
  expect(performance.now() - start).toBeLessThan(5000);
});
