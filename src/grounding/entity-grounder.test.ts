import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGrounder } from './entity-grounder.ts';

const grounder = await openGrounder();
const lemmas = (text: string): string[] => grounder.entities(text).map(({ lemma }) => lemma);
const seen = (...labels: string[]) => labels.map((label) => ({ label, share: 0.1 }));
/** Returns how the labels and texts of an image ground each thing that a reasoning text names. */
function matchedBy(text: string, labels: string[], texts?: string[]): string {
  const matches = grounder.match(grounder.entities(text), { elements: seen(...labels), ...(texts && { texts }) });
  return matches.map((match) => match.matchedBy).join(' ');
}

describe('entities', () => {
  it('are the visible things, singular and lower-case, with their head noun', () => {
    expect(grounder.entities('The red brick buildings line a narrow street.')).toEqual([
      { text: 'red brick buildings', lemma: 'red brick building', head: 'building' },
      { text: 'narrow street', lemma: 'narrow street', head: 'street' },
    ]);
  });

  it('are distinct, in order of appearance', () => {
    expect(lemmas('A bus passes a church. Another bus, and two churches.')).toEqual(['bus', 'church']);
  });

  it.each([
    ['The architecture, style and design suggest a warm climate in this season.', []],
    ['The evidence points to the culture and language of a developing country.', []],
    ['This is Barcelona, in Spain, in the north of Europe.', []],
    ['Turkey is likely. Chile is less so. Jordan too.', []],
    ['The photo shows a scene in a city in the region.', []],
  ])('leave out abstract nouns and places: %s', (text, expected) => {
    expect(lemmas(text)).toEqual(expected);
  });

  it('drop place adjectives and brands, except before a word for writing', () => {
    expect(lemmas('A Spanish church, a Toyota truck and Cyrillic lettering.')).toEqual([
      'church',
      'truck',
      'cyrillic lettering',
    ]);
  });

  it('keep a landmark by its visible head', () => {
    expect(grounder.entities('We see the Eiffel Tower.')).toEqual([
      { text: 'Eiffel Tower', lemma: 'eiffel tower', head: 'tower' },
    ]);
  });

  it.each([
    'There are no palm trees, signs or people.',
    'It is a place without cars.',
    'The absence of snow is telling.',
    'We do not see any minarets.',
    'Palm trees are not visible.',
    'No snow, palm trees or minarets appear.',
  ])('exclude things described as absent: %s', (text) => {
    expect(lemmas(text)).toEqual([]);
  });

  it('are not absent if "no" belongs to another clause', () => {
    expect(lemmas('No doubt, trees grow here.')).toEqual(['tree']);
  });

  it('include quoted text only after a word for reading', () => {
    expect(lemmas('A sign reads "TAILOR 2 FIT" on a wall.')).toEqual(['sign', 'tailor 2 fit', 'wall']);
    expect(lemmas('This is what they call "the end".')).toEqual([]);
  });

  it('ignore Markdown', () => {
    expect(lemmas('1. **Vegetation**: lush *trees*\n2. **Road signs**: a `stop sign`')).toEqual([
      'vegetation',
      'lush tree',
      'road sign',
      'stop sign',
    ]);
  });

  it.each([
    ['tabs', 'a\t'],
    ['wide spaces', 'a\u3000'],
    ['spaces that do not break', 'a\u00A0'],
    ['carriage returns', 'tree\r'],
    ['marks over a letter', '\u0301\u0323'],
  ])('finish on thirty thousand characters of %s', (_, unit) => {
    const text = `A tree. ${unit.repeat(30_000 / unit.length)} A tram.`;
    expect(grounder.entities(text).map(({ lemma }) => lemma)).toContain('tree');
  });

  it('never throw, and quote their source text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        for (const entity of grounder.entities(text))
          expect(entity.lemma.endsWith(entity.head) || entity.head === 'text').toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['one word', 'a'.repeat(1_000_000)],
    ['brackets', '['.repeat(1_000_000)],
    ['quotes', '"'.repeat(200_000)],
    ['one sentence', 'red car near a big tree and '.repeat(36_000)],
    ['adjectives', 'red '.repeat(250_000)],
    ['hyphens', 'red-'.repeat(250_000)],
    ['negations', 'no tree or '.repeat(90_000)],
    ['lines', 'sign reads\n'.repeat(90_000)],
  ])('are extracted from a megabyte of %s in bounded time', (_, text) => {
    const started = performance.now();
    grounder.match(grounder.entities(text), { elements: seen('car', 'tree', 'red brick building'), texts: ['a b'] });
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe('matching', () => {
  it.each([
    ['a tree', 'street'],
    ['a street', 'tree'],
    ['a car', 'scarf'],
    ['a scarf', 'car'],
    ['the sea', 'season'],
    ['a bus', 'business'],
    ['a sign', 'design'],
    ['a bar', 'Barcelona'],
    ['a hill', 'chill'],
    ['a van', 'caravan stop'],
    ['a street light', 'traffic light'],
    ['a red car', 'blue car'],
    ['a building', 'sky'],
    ['a Thai sign', 'greek sign'],
    ['a glass building', 'brick building'],
    ['a red bus', 'blue minibus'],
    ['a stone tower', 'corrugated building'],
    ['a blue and white flag', 'white and blue flag'],
    ['a red and white flag', 'red white green flag'],
    ['a bus', 'person'],
    ['a white license plate', 'plate'],
  ])('does not match %s with "%s"', (text, label) => {
    expect(matchedBy(text, [label])).toBe('none');
  });

  it.each([
    ['red brick buildings', 'red brick building', 'phrase'],
    ['old buildings', 'building', 'head'],
    ['a building', 'red brick building', 'head'],
    ['yellow license plates', 'license plate', 'head'],
    ['an automobile', 'car', 'synonym'],
    ['tall oaks', 'tree', 'synonym'],
    ['a tree', 'palm', 'synonym'],
    ['several pedestrians', 'person', 'synonym'],
    ['the people', 'person', 'synonym'],
    ['a narrow street', 'road', 'synonym'],
    ['a shop sign', 'signboard', 'synonym'],
    ['a cathedral', 'building', 'synonym'],
    ['lush greenery', 'tree', 'synonym'],
    ['hanging lights', 'traffic light', 'head'],
    ['two scooters', 'minibike', 'synonym'],
    ['the Eiffel Tower', 'tower', 'head'],
    ['palm trees', 'palm', 'synonym'],
    ['an old building', 'brick building', 'head'],
    ['a glass tower', 'building', 'synonym'],
    ['a red and white flag', 'flag', 'head'],
    ['a bus stop', 'bus stop', 'phrase'],
    ['yellow plates', 'license plate', 'synonym'],
    ['a number plate', 'licence plate', 'synonym'],
  ])('grounds "%s" by "%s" (%s)', (text, label, how) => {
    expect(matchedBy(text, [label])).toBe(how);
  });

  it('grounds quoted text by recognized text, whole words only', () => {
    const text = 'The sign says "Café Roma".';
    expect(matchedBy(text, ['signboard'], ['CAFE ROMA 1960'])).toBe('synonym text');
    expect(matchedBy(text, ['signboard'], ['CAFE ROMANA'])).toBe('synonym none');
  });

  it('grounds quoted text by a thing that carries text if no text was recognized', () => {
    expect(matchedBy('The sign says "Café Roma".', ['signboard'])).toBe('synonym synonym');
  });

  it('grounds a name by recognized text', () => {
    expect(matchedBy('a Shell station', [], ['Shell'])).toBe('text');
  });

  it('uses the last words of a long label', () => {
    const label = `${'a '.repeat(50_000)}tree`;
    expect(matchedBy('a tree', [label])).toBe('head');
  });

  it('grounds a part by its whole only with `parts`', async () => {
    const withParts = await openGrounder({ parts: true });
    const entities = grounder.entities('tiled roofs');
    const seenBuilding = { elements: seen('building') };
    expect(grounder.match(entities, seenBuilding)[0]!.matchedBy).toBe('none');
    expect(withParts.match(entities, seenBuilding)[0]).toMatchObject({
      matchedBy: 'synonym',
      element: { label: 'building' },
    });
  });
});
