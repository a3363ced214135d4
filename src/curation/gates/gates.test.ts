import { describe, expect, it } from 'vitest';
import { tinyGazetteer } from '../../../test/support/tiny-gazetteer.ts';
import type { VisualElement } from '../../core/visual-element.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import { keyOf } from '../observe/observation.ts';
import type { Observation } from '../observe/observation.ts';
import { parseRecipe } from '../recipe/read-recipe.ts';
import { annotationGate } from './annotation-gate.ts';
import { correctnessGate } from './correctness-gate.ts';
import { crossModelGate } from './cross-model-gate.ts';
import type { Gate, Subject } from './gate.ts';
import { groundingGate } from './grounding-gate.ts';
import { localizabilityGate } from './localizability-gate.ts';
import { placesAgree } from './place-agreement.ts';
import { solvableGate } from './solvable-gate.ts';

const PARIS = { country: 'France', city: 'Paris' };
const HELSINKI = { country: 'Finland', city: 'Helsinki' };
const PARIS_POSITION = { latitudeDegrees: 48.86, longitudeDegrees: 2.35 };

const grounder: Grounder = {
  entities: (text) => text.split(' ').map((word) => ({ text: word, lemma: word, head: word })),
  claims: () => [],
  match: (entities, { elements }) =>
    entities.map((entity) => {
      const element = elements.find(({ label }) => label === entity.lemma);
      return element === undefined ? { entity, matchedBy: 'none' } : { entity, element, matchedBy: 'phrase' };
    }),
};

type AnnotationFields = Partial<Extract<Observation, { kind: 'annotation' }>>;

const annotation = (fields: AnnotationFields = {}): Observation => ({
  kind: 'annotation',
  localizable: true,
  reasoning: 'tower café',
  place: PARIS,
  ...fields,
});

const elements = (seen: VisualElement[]): Observation => ({ kind: 'elements', elements: seen });

type Setting = { a?: Observation; b?: Observation; more?: Record<string, Observation>; recipe?: object };

function subject({ a = annotation(), b = annotation(), more = {}, recipe = {} }: Setting = {}): Subject {
  return {
    recipe: parseRecipe({
      annotators: [{ model: 'a' }, { model: 'b' }],
      segmentation: { model: 's' },
      gps: { model: 'gps' },
      ...recipe,
    }),
    gazetteer: tinyGazetteer(),
    grounder,
    photo: { id: 'x', path: 'x.jpg', coordinate: PARIS_POSITION },
    truth: PARIS,
    annotators: ['a', 'b'],
    observations: new Map(
      Object.entries({
        'annotation:a': a,
        'annotation:b': b,
        position: { kind: 'position', coordinate: PARIS_POSITION, confidence: 0.5 } as const,
        'similarity:a~b': { kind: 'similarity', value: 0.8 } as const,
        elements: { kind: 'elements', elements: [{ label: 'tower', share: 0.3 }] } as const,
        ...more,
      }),
    ),
  };
}

function verdictOf(gate: Gate, setting: Setting = {}) {
  const { verdict, candidates } = gate.decide(subject(setting), ['a', 'b']);
  return { passed: verdict.passed, cause: verdict.cause, score: verdict.score, candidates };
}

describe('the annotation gate', () => {
  it('drops a photo with an answer that cannot be parsed', () => {
    expect(verdictOf(annotationGate)).toMatchObject({ passed: true });
    expect(verdictOf(annotationGate, { b: { kind: 'no-annotation', reason: 'malformed' } })).toMatchObject({
      passed: false,
      cause: 'malformed or refused answer',
    });
  });
});

describe('the localizability gate', () => {
  it.each<[string, Setting, string | undefined]>([
    ['all say yes and the GPS annotator is confident', {}, undefined],
    ['one says no', { b: annotation({ localizable: false }) }, 'a model calls it not localizable'],
    ['one names no country', { a: { kind: 'annotation', localizable: true, reasoning: 'tower' } }, 'no country named'],
    [
      'the GPS annotator is not confident',
      { more: { position: { kind: 'position', coordinate: PARIS_POSITION, confidence: 0.01 } } },
      'the GPS annotator is not confident',
    ],
    [
      'the GPS annotator has no position',
      { more: { position: { kind: 'no-position', reason: 'refused' } } },
      'no GPS position',
    ],
    [
      'the GPS annotator has no confidence',
      { more: { position: { kind: 'position', coordinate: PARIS_POSITION } } },
      'no GPS confidence',
    ],
  ])('when %s', (_, setting, cause) => {
    expect(verdictOf(localizabilityGate, setting)).toMatchObject({ passed: cause === undefined, cause });
  });

  it('requests a position only if the recipe has a GPS annotator', () => {
    expect(localizabilityGate.questions(subject(), ['a'])).toEqual([{ kind: 'position' }]);
    expect(localizabilityGate.questions(subject({ recipe: { gps: null } }), ['a'])).toEqual([]);
  });
});

describe('the correctness gate', () => {
  it('keeps the annotators that are right as candidates', () => {
    expect(verdictOf(correctnessGate, { a: annotation({ place: HELSINKI }) })).toMatchObject({
      passed: true,
      candidates: ['b'],
    });
  });

  it('distinguishes a wrong city from a wrong country', () => {
    const both = (place: { country: string; city: string }) => ({ a: annotation({ place }), b: annotation({ place }) });
    expect(verdictOf(correctnessGate, both(HELSINKI))).toMatchObject({ passed: false, cause: 'wrong country' });
    expect(verdictOf(correctnessGate, both({ country: 'France', city: 'Nowhere' }))).toMatchObject({
      cause: 'right country, wrong city',
    });
  });

  it('checks only the country if the recipe says so', () => {
    const setting = { a: annotation({ place: { country: 'France' } }), b: annotation({ place: HELSINKI }) };
    const recipe = { gates: { correctness: { level: 'country' } } };
    expect(verdictOf(correctnessGate, { ...setting, recipe })).toMatchObject({ passed: true, candidates: ['a'] });
    expect(verdictOf(correctnessGate, setting)).toMatchObject({ passed: false });
  });

  it('drops a photo that the GPS annotator puts far away, unless that is switched off', () => {
    const more = {
      position: { kind: 'position', coordinate: { latitudeDegrees: 0, longitudeDegrees: 0 }, confidence: 0.9 },
    } as const;
    expect(verdictOf(correctnessGate, { more })).toMatchObject({
      passed: false,
      cause: 'the GPS annotator is far off',
    });
    expect(
      verdictOf(correctnessGate, { more, recipe: { gates: { correctness: { maxGpsDistanceKm: null } } } }).passed,
    ).toBe(true);
  });
});

describe('placesAgree', () => {
  const options = { gazetteer: tinyGazetteer(), level: 'city', maxDistanceKm: 25 } as const;

  it('counts a position near the city as the city, and ignores the position of a country', () => {
    const suburb = {
      place: { country: 'France', city: 'Montreuil' },
      coordinate: { latitudeDegrees: 48.86, longitudeDegrees: 2.44 },
    };
    expect(placesAgree({ place: PARIS }, suburb, options).agrees).toBe(true);
    expect(placesAgree({ place: PARIS }, { place: { country: 'France' } }, options).agrees).toBe(false);
    expect(placesAgree({ place: PARIS }, suburb, { ...options, maxDistanceKm: 1 }).agrees).toBe(false);
    const overTheBorder = { ...suburb, place: { country: 'Belgium', city: 'Montreuil' } };
    expect(placesAgree({ place: PARIS }, overTheBorder, options).agrees).toBe(false);
  });
});

describe('the cross-model gate', () => {
  it('compares meaning only if the places agree', () => {
    expect(crossModelGate.questions(subject(), ['a']).map(keyOf)).toEqual(['similarity:a~b']);
    expect(crossModelGate.questions(subject({ b: annotation({ place: HELSINKI }) }), ['a'])).toEqual([]);
  });

  it('drops photos with different places, or with reasonings of different meaning', () => {
    expect(verdictOf(crossModelGate)).toMatchObject({ passed: true, score: 0.8 });
    expect(verdictOf(crossModelGate, { b: annotation({ place: HELSINKI }) }).cause).toBe('the models place it apart');
    const more = { 'similarity:a~b': { kind: 'similarity', value: 0.1 } } as const;
    expect(verdictOf(crossModelGate, { more }).cause).toBe('the reasonings mean different things');
  });
});

describe('the grounding gate', () => {
  const recipe = { gates: { grounding: { minGroundedShare: 0.5, minEntities: 1, minElementShare: 0.1 } } };

  it('puts the best grounded reasoning first, and leaves out those below the threshold', () => {
    const setting = { recipe, a: annotation({ reasoning: 'tower café' }), b: annotation({ reasoning: 'tower' }) };
    expect(verdictOf(groundingGate, setting)).toMatchObject({ passed: true, score: 1, candidates: ['b', 'a'] });
    const c = { ...setting, a: annotation({ reasoning: 'tower café bridge' }) };
    expect(verdictOf(groundingGate, c).candidates).toEqual(['b']);
  });

  it('drops reasonings that name unseen things, or things too small to count', () => {
    const unseen = { a: annotation({ reasoning: 'café' }), b: annotation({ reasoning: 'bridge' }) };
    expect(verdictOf(groundingGate, unseen)).toMatchObject({
      passed: false,
      cause: 'names things that are not seen',
      score: 0,
    });
    const small = { elements: elements([{ label: 'tower', share: 0.01 }]) };
    expect(verdictOf(groundingGate, { recipe, more: small }).passed).toBe(false);
  });
});

describe('the solvable gate', () => {
  const recipe = { gates: { solvable: { model: 'm', samples: 4 } } };

  it.each([
    [0, 'never solved'],
    [4, 'always solved'],
    [1, undefined],
    [3, undefined],
  ])('with %d of 4 right', (right, cause) => {
    const more = { 'pass-rate': { kind: 'pass-rate', right, samples: 4 } } as const;
    expect(verdictOf(solvableGate, { recipe, more })).toMatchObject({
      passed: cause === undefined,
      cause,
      score: right / 4,
    });
  });
});

describe('the grounding gate in mode verified', () => {
  type Claims = Extract<Observation, { kind: 'claims' }>['claims'];
  const seen = (thing: string): Claims[number] => ({ thing, attribute: 'red', supports: 'France', verdict: 'seen' });
  const wrong = (thing: string): Claims[number] => ({ ...seen(thing), verdict: 'contradicted' });
  const unknown = (thing: string): Claims[number] => ({ ...seen(thing), verdict: 'cannot tell' });
  const decided = (a: Claims, b: Claims, grounding: object = {}) =>
    verdictOf(groundingGate, {
      recipe: { gates: { grounding: { mode: 'verified', ...grounding } } },
      more: { 'claims:a': { kind: 'claims', claims: a }, 'claims:b': { kind: 'claims', claims: b } },
    });

  it('puts the candidate with the higher score first', () => {
    expect(decided([seen('kerb')], [seen('kerb'), seen('tram')])).toMatchObject({
      passed: true,
      candidates: ['b', 'a'],
    });
  });

  it.each([
    [
      'the image contradicts a claim',
      [seen('kerb'), seen('tram'), wrong('kiosk')],
      'claims what the image contradicts',
    ],
    [
      'most claims are not known',
      [seen('kerb'), unknown('tram'), unknown('bus stop'), unknown('kiosk')],
      'too few claims can be checked',
    ],
    ['there are no claims', [], 'too few claims can be checked'],
    ['the claims tell little', [{ thing: 'sky', verdict: 'seen' }], 'claims too little that tells'],
  ] as const)('drops a photo if %s', (_, claims, cause) => {
    expect(decided([...claims], [...claims])).toMatchObject({ passed: false, cause });
  });

  it('allows as many contradicted claims as the recipe does', () => {
    const claims = [seen('kerb'), seen('tram'), seen('kiosk'), wrong('bus stop')];
    expect(decided(claims, claims, { maxContradicted: 1 })).toMatchObject({ passed: true, score: 0.5 });
  });
});
