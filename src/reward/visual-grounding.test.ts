/**
 * Expected values of R = (1/|E|) Σ Match(e, V) times the guards are computed by hand. E is the set of distinct
 * entities.
 */
import { describe, expect, it } from 'vitest';
import type { Grounder } from '../grounding/grounding.ts';
import { DEFAULT_GUARDS, reasoningOf, visualGrounding, type VisualGroundingGuards } from './visual-grounding.ts';

const { signal } = new AbortController();

/** Treats every word as an entity and as its own lemma. An element matches the entities that end in its label. */
const wordGrounder: Grounder = {
  entities: (reasoning) =>
    reasoning.split(' ').flatMap((text) => (text === '' ? [] : [{ text, lemma: text, head: text }])),
  claims: () => [],
  match: (entities, { elements, texts = [] }) =>
    entities.map((entity) => {
      const element = elements.find(({ label }) => entity.text.endsWith(label));
      if (element !== undefined) return { entity, element, matchedBy: 'phrase' };
      return { entity, matchedBy: texts.includes(entity.text) ? 'text' : 'none' };
    }),
};
const unguarded: VisualGroundingGuards = {
  fewestEntities: 0,
  mostEntities: Number.POSITIVE_INFINITY,
  repeatedShareAllowed: 1,
};

type Case = { readonly seen?: readonly string[]; readonly texts?: readonly string[]; guards?: VisualGroundingGuards };

async function scoreOf(reasoning: string, { seen, texts, guards }: Case) {
  const row = {
    id: '1',
    completion: `<think>${reasoning}</think><answer>country: France</answer>`,
    truth: { country: 'France' },
    ...(seen && { elements: seen.map((label) => ({ label, share: 0.1 })) }),
    ...(texts && { texts }),
  };
  return (await visualGrounding(wordGrounder, guards && { guards }).score([row], { signal }))[0]!;
}

/** Returns `count` different words. */
const words = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}thing`.padStart(8, '_'));

describe('visualGrounding', () => {
  it.each([
    ['tree', ['tree'], 1],
    ['tree dog', ['tree'], 1 / 2],
    ['tree dog', ['tree', 'sky', 'road', 'car'], 1 / 2],
    ['tree dog car sky', ['tree'], 1 / 4],
    ['tree dog car sky', ['tree', 'dog', 'car'], 3 / 4],
    ['tree dog car', [], 0],
    // Both buildings match the same element, so they count as one thing.
    ['grey-building wide-building dog', ['building'], 1 / 2],
    ['grey-building wide-building dog cat', ['building'], 1 / 3],
    ['dog dog tree', ['tree'], 1 / 2],
    ['dog cat tree', ['tree'], 1 / 3],
  ])('without guards scores "%s" for an image of %j as %d', async (reasoning, seen, expected) => {
    const score = await scoreOf(reasoning, { seen, guards: unguarded });
    expect(score).toMatchObject({ value: expect.closeTo(expected, 12), detail: { guard: 1 } });
  });

  it('counts texts in the image', async () => {
    expect(await scoreOf('hotel dog', { seen: [], texts: ['hotel'] })).toMatchObject({ value: 0.5 });
  });

  // The image shows every entity, so the reward equals the guards: min(1, n/2) · min(1, 20/n).
  it.each([
    [1, 0.5],
    [2, 1],
    [20, 1],
    [25, 0.8],
    [40, 0.5],
  ])('scales %d things, all of them in the image, to %d', async (count, expected) => {
    const things = words(count);
    const score = await scoreOf(things.join(' '), { seen: things });
    expect(score).toMatchObject({
      value: expect.closeTo(expected, 12),
      detail: { precision: 1, guard: expect.closeTo(expected, 12) },
    });
  });

  // The 11 words have 8 runs of four words, but only 4 distinct runs, so the repeated share is 1/2.
  it.each([
    [0, 0.5],
    [0.2, 1 - 0.3 / 0.8],
    [0.5, 1],
    [1, 1],
  ])('allows a repeated share of %d, and scores %d if half is repeated', async (allowed, expected) => {
    const guards = { ...unguarded, repeatedShareAllowed: allowed };
    const score = await scoreOf('a b c d a b c d a b c', { seen: ['a', 'b', 'c', 'd'], guards });
    expect(score).toMatchObject({ value: expect.closeTo(expected, 12), detail: { precision: 1 } });
  });

  it('has the guards of decision 0007 by default', () => {
    expect(DEFAULT_GUARDS).toEqual({ fewestEntities: 2, mostEntities: 20, repeatedShareAllowed: 0.2 });
  });

  it('is 0 if the reasoning names nothing, and unscored if the elements of the image are unknown', async () => {
    const nothing = { entities: [], precision: null, guard: 0 };
    expect(await scoreOf('', { seen: ['tree'] })).toEqual({ kind: 'scored', value: 0, detail: nothing });
    expect(await scoreOf('tree', {})).toEqual({
      kind: 'unscored',
      reason: 'the row does not list what the image shows (elements)',
    });
  });

  it('reports which element matched each entity', async () => {
    expect(await scoreOf('old-tree dog', { seen: ['tree'] })).toMatchObject({
      detail: {
        entities: [
          { entity: 'old-tree', element: 'tree', matchedBy: 'phrase' },
          { entity: 'dog', element: null, matchedBy: 'none' },
        ],
      },
    });
  });
});

describe('reasoningOf', () => {
  it.each([
    ['<think>a tree</think><answer>country: France\ncity: Paris</answer>', 'a tree'],
    ['A tree by the road.\n<answer>country: France\ncity: Paris</answer>', 'A tree by the road.'],
    ['nothing to read here', 'nothing to read here'],
    ['<think>a tree</think>', 'a tree'],
    ['', ''],
  ])('of %j is %j', (completion, reasoning) => {
    expect(reasoningOf(completion)).toBe(reasoning);
  });
});
