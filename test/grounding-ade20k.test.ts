/** Checks which everyday words match one of the 150 classes of the default segmentation. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openGrounder } from '../src/grounding/entity-grounder.ts';

const grounder = await openGrounder();
const text = await readFile(new URL('./fixtures/ade20k-classes.txt', import.meta.url), 'utf8');
const classes = text.trim().split('\n');

const isGrounded = (sentence: string, label: string): boolean =>
  grounder
    .match(grounder.entities(sentence), { elements: [{ label, share: 0.1 }] })
    .some(({ matchedBy }) => matchedBy !== 'none');

/**
 * Class names that the grounder ignores. In reasoning texts, they rarely name a visible thing ("the base", "in this
 * case", "step 1"), or they are tags of the dataset.
 */
const NOT_NAMED = ['base', 'case', 'blind', 'step', 'trade name'];

it('grounds every class by its own name, except for five', () => {
  expect(classes).toHaveLength(150);
  expect(classes.filter((name) => !isGrounded(`I can see a ${name} near the side.`, name))).toEqual(NOT_NAMED);
});

it.each([
  ['car', 'automobiles, a sedan, SUVs, a taxi, jeeps'],
  ['road', 'the street, an avenue, a highway, narrow lanes'],
  ['person', 'people, a man, pedestrians, a cyclist, vendors'],
  ['minibike', 'motorcycles, a scooter, mopeds'],
  ['streetlight', 'street lamps, a lamppost'],
  ['signboard', 'shop signs, lettering, a billboard, road signs'],
  ['tree', 'oaks, pine trees, palm trees, foliage'],
  ['plant', 'bushes, shrubs, greenery, ferns'],
  ['sea', 'the ocean'],
  ['sidewalk', 'the pavement, a footpath'],
  ['building', 'a church, mosques, apartment blocks, a skyscraper, shops'],
  ['earth', 'red soil, dry ground'],
  ['field', 'farmland, rice paddies, a meadow'],
  ['animal', 'a dog, sheep, camels, cattle'],
  ['apparel', 'headscarves, colourful saris, a coat'],
  ['ashcan', 'trash bins, a dustbin'],
  ['pole', 'utility poles, a telephone pole'],
])('%s grounds %s', (label, things) => {
  const missed = things.split(', ').filter((thing) => !isGrounded(`I can see ${thing} here.`, label));
  expect(missed).toEqual([]);
});

it('grounds a class only by words for it or for a kind of it', () => {
  const kinds = new Map(
    classes.map((name) => [name, classes.filter((other) => isGrounded(`There is a ${name} here.`, other))]),
  );
  const pairs = [...kinds].flatMap(([name, grounds]) =>
    grounds.filter((other) => other !== name).map((other) => [name, other]),
  );
  // These are the matching pairs among 22,350 pairs of classes. In each, one name is more general ("tree" and "palm"),
  // or the names are synonyms ("lamp" and "light").
  expect(pairs.length).toBeLessThan(110);
  for (const [name, strangers] of [
    ['car', ['truck', 'bus', 'cabinet', 'person']],
    ['sea', ['river', 'lake', 'seat']],
    ['bus', ['van', 'person', 'computer']],
    ['tree', ['street', 'flower', 'streetlight']],
    ['bar', ['barrel', 'counter']],
    ['hill', ['mountain']],
  ] as const) {
    expect(kinds.get(name)!.filter((other) => (strangers as readonly string[]).includes(other))).toEqual([]);
  }
});
