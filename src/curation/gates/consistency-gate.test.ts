import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { keyOf } from '../observe/observation.ts';
import type { Observation } from '../observe/observation.ts';
import { parseRecipe } from '../recipe/read-recipe.ts';
import { consistencyGate } from './consistency-gate.ts';
import { isEnglish } from './reasoning-faults.ts';

const gazetteer = openGazetteer();
const grounder = await openGrounder();
const recipe = parseRecipe({ annotators: [{ model: 'a' }, { model: 'b' }], segmentation: { model: 's' } });
const HELSINKI = { country: 'Finland', city: 'Helsinki' };

type DecideOptions = { readonly place?: { country: string; city: string }; readonly language?: 'en' | null };

function decide(reasonings: readonly string[], { place = HELSINKI, language = 'en' }: DecideOptions = {}) {
  const annotators = ['a', 'b'].slice(0, reasonings.length);
  const observations = new Map<string, Observation>(
    annotators.map((annotator, i) => [
      keyOf({ kind: 'annotation', annotator }),
      { kind: 'annotation', localizable: true, reasoning: reasonings[i]!, place },
    ]),
  );
  const photo = { id: 'p', path: 'p.jpg', coordinate: { latitudeDegrees: 60.17, longitudeDegrees: 24.94 } };
  const gates = { ...recipe.gates, consistency: { language } };
  const subject = {
    photo,
    truth: HELSINKI,
    annotators,
    observations,
    gazetteer,
    grounder,
    recipe: { ...recipe, gates },
  };
  return consistencyGate.decide(subject, annotators);
}

const causeOf = (reasoning: string, place = HELSINKI): string => decide([reasoning], { place }).verdict.cause ?? 'kept';

describe('a reasoning that argues for another place', () => {
  it.each([
    ['The ochre facade and the ferries suggest Stockholm, Sweden.', HELSINKI],
    ['A green tram runs past granite blocks, as in Helsinki. The ferries decide it: Stockholm, Sweden.', HELSINKI],
    ['The signs are in Swedish and Finnish, but the yellow tram is that of Gothenburg.', HELSINKI],
    ['Birch trees and a wooden house. This points to Norway.', HELSINKI],
    ['The bollards and the plates leave only Estonia, most likely Tallinn.', HELSINKI],
    ['A church and a market hall. So the city is Turku, and the country is Finland.', HELSINKI],
    [
      'The red kiosk and the tiled roof place it in Sarajevo, in Bosnia and Herzegovina.',
      { country: 'Serbia', city: 'Belgrade' },
    ],
    ['Unlike in Finland, the kerbs are painted; this is Russia.', HELSINKI],
    ['The tram looks Finnish, but Helsinki is unlikely. I conclude Tampere, Finland.', HELSINKI],
    ['Yellow plates and a canal: a street in Delft, the Netherlands.', { country: 'Belgium', city: 'Ghent' }],
    ['The palm trees and the mosaic pavement are those of Rio de Janeiro.', { country: 'Portugal', city: 'Lisbon' }],
    ['Brick warehouses beside a dock. Overall, this must be Liverpool.', { country: 'United Kingdom', city: 'London' }],
  ])('is dropped: %s', (reasoning, place) => {
    expect(causeOf(reasoning, place)).toBe('the reasoning argues for another place');
  });

  it('is dropped with both places', () => {
    expect(decide(['The ferries suggest Stockholm, Sweden.']).verdict.reason).toBe(
      'the reasoning of a argues for Stockholm, Sweden, and the answer is Helsinki, Finland',
    );
  });
});

describe('a reasoning that argues for its answer', () => {
  it.each([
    ['The green tram and the granite cathedral suggest Helsinki, Finland.', HELSINKI],
    ['The ferries look like those of Stockholm, but the tram is that of Helsinki.', HELSINKI],
    ['A yellow tram, so this is Helsinki rather than Stockholm or Gothenburg.', HELSINKI],
    ['The tram says Finland. It could also be Estonia.', HELSINKI],
    ['The signs are in Finnish. Sweden is ruled out.', HELSINKI],
    ['The signs are in Finnish, so Helsinki, Finland. Stockholm would have blue trams.', HELSINKI],
    ['Similar to Tallinn and Riga, the old town has a wall; the signs are in Finnish, so Finland.', HELSINKI],
    ['The granite blocks and the tram are typical of a Nordic capital.', HELSINKI],
    ['A Toyota passes a Lada in front of a granite block in Helsinki.', HELSINKI],
    ["Finland's white plates and the tram decide it.", HELSINKI],
    ['A tram in Espoo, Finland.', HELSINKI],
    ['A steel arch. So this is St. Louis, United States.', { country: 'United States', city: 'St. Louis' }],
    ['A yellow cab on Manhattan.', { country: 'United States', city: 'New York' }],
    ['The red buses and the black cabs are those of London, England.', { country: 'United Kingdom', city: 'London' }],
    [
      'The kiosk and the signs in Cyrillic point to Serbia, most likely Belgrade.',
      { country: 'Serbia', city: 'Belgrade' },
    ],
    [
      'The neon signs are in Japanese, not in Chinese, which excludes China and Taiwan.',
      { country: 'Japan', city: 'Tokyo' },
    ],
    [
      'The tiled pavement is in the Portuguese style, imported from Portugal.',
      { country: 'Brazil', city: 'Rio de Janeiro' },
    ],
  ])('is kept: %s', (reasoning, place) => {
    expect(causeOf(reasoning, place)).toBe('kept');
  });
});

describe('a reasoning from something else than the photo', () => {
  it.each([
    ['The file name contains Helsinki, and a tram is visible.', 'the reasoning cites metadata'],
    ['According to the EXIF data, the tram was photographed in Finland.', 'the reasoning cites metadata'],
    ['The GPS coordinates of the tram stop lie in Helsinki.', 'the reasoning cites metadata'],
    ['The caption of the image names the market of Helsinki.', 'the reasoning cites metadata'],
    ['A street with a few cars. This is a pure guess: Finland.', 'the reasoning is a guess'],
    ['A street with a few cars, so I am just guessing Finland.', 'the reasoning is a guess'],
    ['This is Helsinki, Finland.', 'the reasoning is empty'],
    ['The overall style and atmosphere of the place suggest Finland.', 'the reasoning is empty'],
    ['路边的电车和花岗岩建筑表明这里是芬兰赫尔辛基。', 'the reasoning is in another language'],
    [
      'Le tramway vert et les façades en granit suggèrent Helsinki, en Finlande.',
      'the reasoning is in another language',
    ],
    [
      'Die grüne Straßenbahn und die Granitfassaden sprechen für Helsinki in Finnland.',
      'the reasoning is in another language',
    ],
    [
      'El tranvía verde y las fachadas de granito indican Helsinki, en Finlandia.',
      'the reasoning is in another language',
    ],
  ])('is dropped: %s', (reasoning, cause) => {
    expect(causeOf(reasoning)).toBe(cause);
  });

  it.each([
    'There is no metadata, but the green tram is that of Helsinki.',
    'This is more than a wild guess: the tram and the granite cathedral are those of Helsinki.',
    'The caption under the statue names the tram stop in Helsinki.',
    'A sign in Chinese reads "芬兰" above a tram in Helsinki.',
    'Tram, granite cathedral: Helsinki.',
  ])('is kept if it only mentions it: %s', (reasoning) => {
    expect(causeOf(reasoning)).toBe('kept');
  });

  it('may be in any language if the recipe asks for none', () => {
    const french = 'Le tramway vert et les façades en granit suggèrent Helsinki, en Finlande.';
    expect(decide([french], { language: null }).verdict.passed).toBe(true);
  });
});

it('takes an inconsistent annotator out, and keeps the photo for the other one', () => {
  const { verdict, candidates } = decide(['A tram suggests Stockholm, Sweden.', 'A tram suggests Helsinki, Finland.']);
  expect(verdict.passed).toBe(true);
  expect(verdict.reason).toContain('a argues for Stockholm, Sweden');
  expect(candidates).toEqual(['b']);
});

it('calls no English annotation foreign', () => {
  expect(isEnglish('Dense rows of tall apartment towers above a harbour with sampans suggest Hong Kong.')).toBe(true);
});
