/** Checks that every exported text function processes the repetitive texts of pumps.ts in linear time. */
import { openGrounder } from '../../../src/grounding/entity-grounder.ts';
import type { Attack, Part } from './attack.ts';
import { pumps } from './pumps.ts';
import { type TextFunction, textFunctions } from './text-functions.ts';

const CHARACTERS = { short: 16_000, full: 60_000 };
/**
 * Maximum time per character. Linear functions need microseconds per character. Quadratic functions need far more than
 * this on long texts.
 */
const MAX_MS_PER_CHARACTER = 0.02;
/**
 * Functions that the search for text functions must find. If the search missed a function because it is written in
 * another way, this check fails.
 */
const KNOWN = ['placeOfSolution', 'parseAnswer', 'redact', 'linesOf'];

async function milliseconds(read: TextFunction['read'], text: string): Promise<number> {
  const start = performance.now();
  try {
    await read(text);
  } catch {
    // Throwing an error is allowed if it happens quickly.
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
      // A slow call is measured up to three times, because a busy machine may delay a single call, but rarely three.
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
