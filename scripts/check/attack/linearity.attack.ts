/** Checks that every exported text function reads every repetitive text of pumps.ts in linear time. */
import { expect, it } from 'vitest';
import { openGrounder } from '../../../src/grounding/entity-grounder.ts';
import { pumps } from './pumps.ts';
import { size } from './size.ts';
import { type TextFunction, textFunctions } from './text-functions.ts';

const CHARACTERS = size({ short: 16_000, full: 60_000 });
/**
 * Maximum time per character. Linear functions need microseconds per character; quadratic ones take seconds in total.
 */
const MAX_MS_PER_CHARACTER = 0.02;

const grounder = await openGrounder();
const functions: TextFunction[] = [
  ...(await textFunctions()),
  { name: 'grounder', read: (text) => grounder.entities(text) },
  {
    name: 'grounder with texts',
    read: (text) =>
      grounder.match([{ text: `"${text}"`, lemma: text, head: 'text' }], { elements: [], texts: [text, text] }),
  },
];

async function milliseconds(read: TextFunction['read'], text: string): Promise<number> {
  const start = performance.now();
  try {
    await read(text);
  } catch {
    // A function may reject a text if it does so quickly.
  }
  return performance.now() - start;
}

it('finds the text functions', () => {
  const names = functions.map(({ name }) => name).join('\n');
  for (const known of ['placeOfSolution', 'parseAnswer', 'redact', 'linesOf']) expect(names).toContain(known);
});

it.each(functions)('$name', async ({ read }) => {
  const slow: string[] = [];
  for (const pump of pumps) {
    const pumped = pump.text(CHARACTERS);
    const limit = 20 + MAX_MS_PER_CHARACTER * pumped.length;
    let ms = await milliseconds(read, pumped);
    // A busy machine may delay a single call, but rarely three.
    for (let i = 0; i < 2 && ms > limit; i++) ms = Math.min(ms, await milliseconds(read, pumped));
    if (ms > limit) slow.push(`${pump.name}: ${Math.round(ms)} ms for ${pumped.length} characters`);
  }
  expect(slow).toEqual([]);
});
