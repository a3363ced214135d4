/** Checks that every exported text function reads every repetitive text of pumps.ts in linear time. */
import { openGrounder } from '../../../src/grounding/entity-grounder.ts';
import type { Attack, Part } from './attack.ts';
import { pumps } from './pumps.ts';
import { type TextFunction, textFunctions } from './text-functions.ts';

const CHARACTERS = { short: 16_000, full: 60_000 };
/**
 * Maximum time per character. Linear functions need microseconds per character; quadratic ones take seconds in total.
 */
const MAX_MS_PER_CHARACTER = 0.02;
/**
 * Functions that the search must find. Without this check, the search could silently miss functions that are written in
 * another way.
 */
const KNOWN = ['placeOfSolution', 'parseAnswer', 'redact', 'linesOf'];

async function milliseconds(read: TextFunction['read'], text: string): Promise<number> {
  const start = performance.now();
  try {
    await read(text);
  } catch {
    // A function may reject a text if it does so quickly.
  }
  return performance.now() - start;
}

const partOf = ({ name, read }: TextFunction, characters: number): Part => ({
  name,
  cases: pumps.length,
  run: async ({ onProgress }) => {
    const failures: string[] = [];
    for (const [i, pump] of pumps.entries()) {
      const pumped = pump.text(characters);
      const limit = 20 + MAX_MS_PER_CHARACTER * pumped.length;
      let ms = await milliseconds(read, pumped);
      // A busy machine may delay a single call, but rarely three.
      for (let repeat = 0; repeat < 2 && ms > limit; repeat++) ms = Math.min(ms, await milliseconds(read, pumped));
      if (ms > limit) failures.push(`${pump.name}: ${Math.round(ms)} ms for ${pumped.length} characters`);
      onProgress(i + 1);
    }
    return { failures };
  },
});

export const linearity: Attack = {
  name: 'linearity',
  unit: 'pumped texts',
  parts: async (size) => {
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
    const missing = KNOWN.filter((known) => !functions.some(({ name }) => name.endsWith(` ${known}`)));
    if (missing.length > 0) throw new Error(`Cannot find the text functions ${missing.join(', ')}.`);
    return functions.map((one) => partOf(one, CHARACTERS[size]));
  },
};
