import { describe, expect, it } from 'vitest';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { CORRUPTIONS } from './corruptions.ts';
import { type JudgedReasoning, undisputed } from './judged-reasoning.ts';
import { pairsOf } from './pairs.ts';

const PLACES = [
  ['Finland', 'Helsinki', 'a green tram'],
  ['Japan', 'Tokyo', 'a red gate'],
  ['Chile', 'Santiago', 'a white bus'],
] as const;

function judged(i: number, more: Partial<JudgedReasoning> = {}): JudgedReasoning {
  const [country, city, thing] = PLACES[i]!;
  return {
    example: {
      id: `photo ${i}`,
      image: { sha256: `${i}` } as PreparedImage,
      truth: { country, city },
      owner: `owner ${i}`,
    },
    annotator: 'careful',
    reasoning: `There is ${thing}. A sign of ${country} is near. The sky over ${city} is grey. So this is ${city}, ${country}.`,
    localizable: true,
    place: { country, city },
    ...more,
  };
}

const all = [judged(0), judged(1), judged(2)];

describe('pairsOf', () => {
  const pairs = pairsOf(all, { seed: 1, each: 'all' });

  it('labels a reasoning with its annotator’s judgement, and a corrupted one with no', () => {
    expect(pairs).toHaveLength(3 * (1 + CORRUPTIONS.length));
    for (const { kind, yes } of pairs) expect(yes).toBe(kind === 'judged');
    expect(pairsOf([judged(0, { localizable: false })], { seed: 1 })).toMatchObject([{ kind: 'judged', yes: false }]);
  });

  it('pairs the photo with the whole reasoning of another country’s photo', () => {
    for (const { example, reasoning } of pairs.filter(({ kind }) => kind === 'other-photo')) {
      expect(all.map((one) => one.reasoning)).toContain(reasoning);
      expect(reasoning).not.toContain(example.truth.country);
    }
  });

  it('keeps the place and exchanges the things', () => {
    for (const { example, reasoning } of pairs.filter(({ kind }) => kind === 'other-things')) {
      const { country, city } = example.truth;
      expect(reasoning.endsWith(`So this is ${city}, ${country}.`)).toBe(true);
      const others = PLACES.filter(([name]) => name !== country);
      for (const [name, town] of others) for (const word of [name, town]) expect(reasoning).not.toContain(word);
    }
  });

  it('keeps the things and exchanges the place', () => {
    for (const { example, reasoning, place } of pairs.filter(({ kind }) => kind === 'other-place')) {
      const own = PLACES.find(([country]) => country === example.truth.country)!;
      expect(reasoning).toContain(own[2]);
      expect(reasoning).not.toContain(own[0]);
      expect(reasoning).toContain(`So this is ${place!.city}, ${place!.country}.`);
    }
  });

  it('gives the same pairs for the same seed, and different pairs for another', () => {
    expect(pairsOf(all, { seed: 1, each: 'all' })).toEqual(pairs);
    const many = (seed: number): string[] => pairsOf(all, { seed, each: 'all' }).map(({ reasoning }) => reasoning);
    expect(many(2)).not.toEqual(many(1));
  });

  it('never takes a donor of the same owner or country', () => {
    const twin = judged(0, { example: { ...all[0]!.example, id: 'other', owner: 'owner 9' } });
    expect(pairsOf([all[0]!, twin], { seed: 1, each: 'all' }).every(({ kind }) => kind === 'judged')).toBe(true);
  });
});

describe('undisputed', () => {
  const gazetteer = openGazetteer();
  const bold = (more: Partial<JudgedReasoning>): JudgedReasoning => judged(0, { annotator: 'bold', ...more });

  it('keeps photos on which two annotators agree, under any name of the country', () => {
    const same = bold({ place: { country: 'Suomi', city: 'Turku' } });
    expect(undisputed([judged(0), same, judged(1)], gazetteer)).toEqual([judged(0), same]);
  });

  it('drops photos whose judgement or country is disputed', () => {
    const { place: _, ...silent } = bold({ localizable: false });
    expect(undisputed([judged(0), silent], gazetteer)).toEqual([]);
    expect(undisputed([judged(0), bold({ place: { country: 'Japan' } })], gazetteer)).toEqual([]);
  });
});
