/**
 * Compares two reasoning texts by their words alone. This is the offline default of the cross-model gate. It knows
 * synonyms and kinds of visible things, but not paraphrases. For paraphrases, use an embedding measure
 * (`vision/embeddings`).
 *
 * similarity = (D(things) + D(words)) / 2. D is the Dice share of items that the other text also has: (|a in b| + |b in
 * a|) / (|a| + |b|). Things are the entities, matched like labels (phrase, head, synonym). Words are the distinct
 * content words (singular, without function words and geolocation terms). If neither text names a thing, only the words
 * count. The result is in [0, 1], symmetric, and 1 for equal texts. The formula is our choice.
 */
import type { Grounder, MeaningMeasure } from './grounding.ts';
import { words } from './noun-phrases.ts';
import { singular } from './visible-nouns.ts';

export function lexicalMeaning(grounder: Grounder): MeaningMeasure {
  return {
    name: 'lexical-1',
    similarity: async (a, b, { signal }) => {
      signal.throwIfAborted();
      const [thingsA, thingsB] = [grounder.entities(a), grounder.entities(b)];
      const things = dice(
        shared(thingsA, thingsB, grounder),
        shared(thingsB, thingsA, grounder),
        thingsA.length + thingsB.length,
      );
      const [wordsA, wordsB] = [contentWords(a), contentWords(b)];
      const both = [...wordsA].filter((word) => wordsB.has(word)).length;
      const spoken = dice(both, both, wordsA.size + wordsB.size);
      if (spoken === undefined) return a.trim() === b.trim() ? 1 : 0;
      return things === undefined ? spoken : (things + spoken) / 2;
    },
  };
}

/** Counts the entities of `some` that match an entity of `others`. */
function shared(
  some: ReturnType<Grounder['entities']>,
  others: ReturnType<Grounder['entities']>,
  grounder: Grounder,
): number {
  const elements = others.map(({ lemma }) => ({ label: lemma, share: 0 }));
  return grounder.match(some, { elements }).filter(({ matchedBy }) => matchedBy !== 'none').length;
}

/** Returns the Dice share; undefined if there is nothing to compare. */
const dice = (aInB: number, bInA: number, total: number): number | undefined =>
  total === 0 ? undefined : (aInB + bInA) / total;

function contentWords(text: string): Set<string> {
  return new Set(
    words(text)
      .filter((word) => word.length > 2 && !UNINFORMATIVE.has(word))
      .map(singular),
  );
}

/** Function words, and words that appear in any reasoning text about a photo. */
const UNINFORMATIVE: ReadonlySet<string> = new Set(
  `the and but for nor yet with without from into onto over under near this that these those there here its their his
   her our your they them she you who which what when where why how are was were been being has have had does did can
   could may might must shall should will would not only also very more most some any all both each few many much such
   than then too just about above across after again against along among around because before behind below between
   beyond during however therefore thus since through toward towards upon while although though even often usually
   generally quite rather well still one two three other another same own like per via out off down image photo
   photograph picture scene clue clues evidence suggest suggests suggesting suggested indicate indicates indicating
   indicated consistent typical typically common commonly likely possibly probably appear appears appearing seem seems
   location located place country city area region specific particular overall based considering given conclude
   conclusion guess best visible seen shown shows show presence present feature features featuring characteristic
   characteristics further support supports point points strongly`
    .trim()
    .split(/\s+/),
);
