import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../core/place.ts';
import { testGazetteer } from '../../gazetteer/test-gazetteer.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import { passGates } from '../judge/pass-gates.ts';
import { keyOf } from '../observe/observation.ts';
import type { Observation, Question } from '../observe/observation.ts';
import { parseRecipe } from '../recipe/read-recipe.ts';
import { annotatorName } from '../recipe/recipe.ts';
import { byPrice } from './early-drop.ts';

/**
 * Difficult places: places that can be attributed to two countries, places near a border, cities that share a name, and
 * unknown places.
 */
const PLACES: readonly Place[] = [
  { country: 'China', city: 'Hong Kong' },
  { country: 'Hong Kong', city: 'Hong Kong' },
  { country: 'China', city: 'Shenzhen' },
  { country: 'China' },
  { country: 'France', city: 'Saint-Denis' },
  { country: 'Réunion', city: 'Saint-Denis' },
  { country: 'France', city: 'Paris' },
  { country: 'France', city: 'Strasbourg' },
  { country: 'Germany', city: 'Kehl' },
  { country: 'Germany', city: 'Berlin' },
  { country: 'Ukraine', city: 'Sevastopol' },
  { country: 'Russia', city: 'Sevastopol' },
  { country: 'Russia', city: 'Moscow' },
  { country: 'United States', city: 'San Juan' },
  { country: 'Puerto Rico', city: 'San Juan' },
  { country: 'United States', city: 'Portland' },
  { country: 'Singapore' },
  { country: 'Malaysia', city: 'Johor Bahru' },
  { country: 'Vatican', city: 'Vatican City' },
  { country: 'Italy', city: 'Rome' },
  { country: 'Cyprus', city: 'Kyrenia' },
  { country: 'Turkey', city: 'Kyrenia' },
  { country: 'Atlantis', city: 'Poseidonis' },
];

const grounder: Grounder = {
  entities: (text) => text.split(' ').map((word) => ({ text: word, lemma: word, head: word })),
  claims: () => [],
  match: (entities, { elements }) =>
    entities.map((entity) => {
      const element = elements.find(({ label }) => label === entity.lemma);
      return element === undefined ? { entity, matchedBy: 'none' } : { entity, element, matchedBy: 'phrase' };
    }),
};

const right = (named: Place): Observation => ({
  kind: 'annotation',
  localizable: true,
  reasoning: 'tower tram',
  place: named,
});

const NAMES = ['first', 'second', 'third'];
const place = fc.constantFrom(...PLACES);
const annotation: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Observation>({ kind: 'no-annotation', reason: 'malformed' }) },
  {
    weight: 1,
    arbitrary: fc.constant<Observation>({ kind: 'annotation', localizable: false, reasoning: 'nothing' }),
  },
  {
    weight: 8,
    arbitrary: place.map(right),
  },
);

/** Undefined means the right place. It is frequent, so that enough photos pass the gates. */
const annotations = fc.array(fc.option(annotation, { freq: 1, nil: undefined }), { minLength: 3, maxLength: 3 });

const position: fc.Arbitrary<Observation> = fc.oneof(
  fc.constant<Observation>({ kind: 'no-position', reason: 'none' }),
  fc
    .record({ near: fc.boolean(), confidence: fc.constantFrom(0.01, 0.9) })
    .map(({ near, confidence }): Observation => ({
      kind: 'position',
      coordinate: near ? { latitudeDegrees: 0, longitudeDegrees: 0 } : { latitudeDegrees: -60, longitudeDegrees: -170 },
      confidence,
    })),
);

describe('the order by price', () => {
  it('keeps exactly the photos that the order of the paper keeps', async () => {
    const gazetteer = testGazetteer();
    const counts = { kept: 0, spared: 0, questions: 0 };
    const settings = fc.record({
      truth: place,
      annotations,
      position,
      three: fc.boolean(),
      similarity: fc.constantFrom(0, 0.9),
      level: fc.constantFrom('city', 'country'),
      ownPlace: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const found = gazetteer.geocode(setting.truth);
        if (found.kind !== 'found') return;
        const names = setting.three ? NAMES : NAMES.slice(0, 2);
        const at = (observation: Observation): Observation =>
          observation.kind === 'position' && observation.coordinate.latitudeDegrees === 0
            ? { ...observation, coordinate: found.coordinate }
            : observation;
        const answers: Record<string, Observation> = {
          image: { kind: 'image', widthPixels: 500, heightPixels: 400, hash: '0'.repeat(64) },
          position: at(setting.position),
          elements: { kind: 'elements', elements: [{ label: 'tower', share: 0.2 }] },
          ...Object.fromEntries(
            names.map((name, i) => [`annotation:${name}`, setting.annotations[i] ?? right(setting.truth)]),
          ),
        };
        const outcomeOf = async (order: string) => {
          const observations = new Map<string, Observation>();
          const questions: string[] = [];
          const answer = async (asked: readonly Question[]) => {
            for (const question of asked) {
              const key = keyOf(question);
              if (!observations.has(key)) questions.push(key);
              observations.set(key, answers[key] ?? { kind: 'similarity', value: setting.similarity });
            }
            return Promise.resolve();
          };
          const outcome = await passGates(
            {
              id: 'x',
              path: 'x.jpg',
              coordinate: found.coordinate,
              ...(setting.ownPlace && { place: setting.truth }),
            },
            {
              observations,
              answer,
              gazetteer,
              grounder,
              recipe: parseRecipe({
                annotators: names.map((model) => ({ model })),
                gps: { model: 'gps' },
                segmentation: { model: 's' },
                order,
                gates: {
                  consistency: null,
                  correctness: { level: setting.level },
                  crossModel: { level: setting.level },
                },
              }),
            },
          );
          return { chosen: outcome.chosen, questions };
        };
        const [price, paper] = [await outcomeOf('price'), await outcomeOf('paper')];
        expect(price.chosen).toBe(paper.chosen);
        // With `order: price`, an annotator is asked only if it is also asked with `order: paper`.
        const [spent, spentInPaper] = [price, paper].map(({ questions }) =>
          questions.filter((key) => key.startsWith('annotation:')),
        );
        expect(spentInPaper).toEqual(expect.arrayContaining(spent!));
        counts.kept += paper.chosen === undefined ? 0 : 1;
        counts.questions += spentInPaper!.length;
        counts.spared += spentInPaper!.length - spent!.length;
      }),
      { numRuns: 2000, seed: 1 },
    );
    // If no photo were kept or no question spared, the property would be trivially true.
    expect(counts.kept).toBeGreaterThan(60);
    expect(counts.spared).toBeGreaterThan(0.2 * counts.questions);
  }, 60_000);
});

describe('byPrice', () => {
  const price = (promptPerMillionTokens: number, currency = 'USD') => ({
    promptPerMillionTokens,
    completionPerMillionTokens: 0,
    currency,
  });
  const order = (...annotators: object[]) =>
    byPrice(parseRecipe({ annotators, mode: 'single' }).annotators).map(annotatorName);

  it.each([
    [
      'the cheaper annotator first',
      [
        { model: 'a', price: price(3) },
        { model: 'b', price: price(1) },
      ],
      ['b', 'a'],
    ],
    // InternVL uses 3,328 tokens for this image, and Qwen about a thousand.
    [
      'the model with fewer tokens for an image, at one price per token',
      [
        { model: 'InternVL3-78B', price: price(1) },
        { model: 'Qwen2.5-VL-72B', price: price(1) },
      ],
      ['Qwen2.5-VL-72B', 'InternVL3-78B'],
    ],
    ["the recipe's order without a price", [{ model: 'a', price: price(3) }, { model: 'b' }], ['a', 'b']],
    [
      "the recipe's order in two currencies",
      [
        { model: 'a', price: price(3) },
        { model: 'b', price: price(1, 'EUR') },
      ],
      ['a', 'b'],
    ],
  ])('puts %s', (_, annotators, expected) => expect(order(...annotators)).toEqual(expected));
});
