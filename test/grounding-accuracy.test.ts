/**
 * Measures how accurately entities are found in sentences that were labelled by hand
 * (fixtures/grounding-sentences.txt). A labelled thing counts as found if an entity's lemma equals it or ends with it.
 * For example, "narrow cobblestone street" finds "cobblestone street".
 */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openGrounder } from '../src/grounding/entity-grounder.ts';

const grounder = await openGrounder();
const text = await readFile(new URL('./fixtures/grounding-sentences.txt', import.meta.url), 'utf8');
const [development, heldOut] = text.split('# held out\n').map((part) =>
  part
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [sentence, things] = line.split(' | ') as [string, string];
      return { sentence, things: things === '-' ? [] : things.split('; ') };
    }),
) as unknown as [Labelled[], Labelled[]];

type Labelled = { readonly sentence: string; readonly things: readonly string[] };

function accuracy(sentences: readonly Labelled[]) {
  let [found, claimed, true_] = [0, 0, 0];
  const mistakes: string[] = [];
  for (const { sentence, things } of sentences) {
    const lemmas = grounder.entities(sentence).map(({ lemma }) => lemma);
    const isFound = (thing: string, lemma: string) => lemma === thing || lemma.endsWith(` ${thing}`);
    const missed = things.filter((thing) => !lemmas.some((lemma) => isFound(thing, lemma)));
    const made = lemmas.filter((lemma) => !things.some((thing) => isFound(thing, lemma)));
    found += lemmas.length - made.length;
    claimed += lemmas.length;
    true_ += things.length;
    if (missed.length > 0 || made.length > 0)
      mistakes.push(`${sentence} missed: ${missed.join(', ')}; made up: ${made.join(', ')}`);
  }
  return { n: sentences.length, precision: found / claimed, recall: found / true_, things: true_, mistakes };
}

it.each([
  ['development', development],
  ['held out', heldOut],
])('entities are correct on the %s sentences', (name, sentences) => {
  const { n, things, precision, recall, mistakes } = accuracy(sentences);
  if (process.env['GLOBE_SHOW_MISTAKES'] !== undefined) console.error(mistakes.join('\n'));
  console.info(
    `${name}: n = ${n} sentences, ${things} things, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
  );
  expect(precision).toBeGreaterThan(0.9);
  expect(recall).toBeGreaterThan(0.9);
});
