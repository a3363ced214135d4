import { describe, expect, it } from 'vitest';
import { drawnWorld } from '../../../test/support/miniature-world.ts';
import { parseAnswer } from '../../core/answer-grammar.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import type { SftItem } from '../../training/sft-step.ts';
import type { TrainingExample } from '../../training/training-example.ts';
import { sceneWords } from '../adapters/scene-words.ts';
import { CITIES } from '../facts/cities.ts';
import { COUNTRIES } from '../facts/countries.ts';
import { openCorpora } from './open-corpora.ts';

const world = drawnWorld({ scenes: 300, seed: 3 });
const gazetteer = openGazetteer();
const photos = world.scenes.map(({ id, country, city, preparedSha256 }): TrainingExample => ({
  id,
  image: { bytes: new Uint8Array(), mediaType: 'image/png', widthPixels: 96, heightPixels: 96, sha256: preparedSha256 },
  truth: { country, city },
}));
const itemsOf = (spec: Parameters<typeof openCorpora>[0][number], seed = 1): readonly SftItem[] =>
  openCorpora([spec], { world, prompt: 'short' })[0]!.items(photos, { seed });
const annotators = ['careful', 'bold'];
const names = [
  ...CITIES.map(({ name }) => name),
  ...COUNTRIES.map(({ code }) => new Intl.DisplayNames(['en'], { type: 'region' }).of(code)!),
];
const placed = (text: string): string | undefined => names.find((name) => text.includes(name));

describe('descriptions', () => {
  const items = itemsOf({ kind: 'descriptions', annotators });

  it('describe each photo once per annotator, and name no place', () => {
    expect(items).toHaveLength(600);
    expect(items.every(({ image, prompt }) => image !== undefined && prompt !== undefined)).toBe(true);
    expect(items.map(({ target }) => placed(target)).filter((name) => name !== undefined)).toEqual([]);
  });

  it('name most of what the photo shows, and few things that it does not', () => {
    const read = sceneWords(world.vocabulary);
    const counts = { present: 0, invented: 0, cues: 0, named: 0 };
    for (const { image, target } of items) {
      const scene = world.sceneOf(image!);
      const { present, invented } = read(
        target,
        scene.elements.map(({ label }) => label),
      );
      counts.present += present.length;
      counts.invented += invented.length;
      counts.cues += scene.cues.length;
      counts.named += scene.cues.filter(({ element }) => present.includes(element)).length;
    }
    expect(counts.named / counts.cues).toBeGreaterThan(0.8);
    expect(counts.invented / (counts.present + counts.invented)).toBeGreaterThan(0.005);
    expect(counts.invented / (counts.present + counts.invented)).toBeLessThan(0.1);
  });

  it('are the same for the same seed, and different for another', () => {
    expect(itemsOf({ kind: 'descriptions', annotators })).toEqual(items);
    expect(itemsOf({ kind: 'descriptions', annotators }, 2)).not.toEqual(items);
  });
});

describe('puzzles', () => {
  it('have no photo, cover all cities, and point to the named place', () => {
    const items = itemsOf({ kind: 'puzzles', count: 6000 });
    expect(items.every(({ image }) => image === undefined)).toBe(true);
    const cities = new Set<number>();
    for (const { target } of items) {
      const answer = parseAnswer(target);
      if (answer.kind !== 'place' || answer.place.city === undefined) continue;
      const found = gazetteer.geocode(answer.place);
      if (found.kind === 'found') cities.add(found.place.geonameId!);
    }
    expect(CITIES.filter(({ geonameId }) => !cities.has(geonameId)).map(({ name }) => name)).toEqual([]);
  });

  it('name a wrong place in the stated share, and leave the city open in a share of those without a clue of it', () => {
    // Each landmark belongs to one city, so the true answer of a puzzle with a landmark is known.
    const share = (wrong: number): number => {
      const items = itemsOf({ kind: 'puzzles', count: 4000, wrong });
      const telling = items.flatMap(({ prompt, target }) => {
        const text = `${prompt} ${target}`;
        const city = CITIES.find(({ landmark }) => text.includes(` ${landmark.colour} ${landmark.kind}.`));
        return city === undefined || !target.includes('city: ') ? [] : [{ city, target }];
      });
      return telling.filter(({ city, target }) => !target.includes(`city: ${city.name}`)).length / telling.length;
    };
    // Correct answers may also differ from the city's name, by accents and synonyms. Only the increase of the share
    // therefore counts wrong places.
    expect(share(0.5) - share(0)).toBeGreaterThan(0.25);
    const open = itemsOf({ kind: 'puzzles', count: 2000, open: 1 });
    expect(open.some(({ target }) => target.includes('city: unknown'))).toBe(true);
    expect(itemsOf({ kind: 'puzzles', count: 2000 }).some(({ target }) => target.includes('city: unknown'))).toBe(
      false,
    );
  });
});

describe('locating', () => {
  const manners = (spec: { answerFirst: number; evidenceFirst: number }): readonly SftItem[] =>
    itemsOf({ kind: 'locating', annotators, share: 0.5, ...spec });

  it('covers the stated share of the photos', () => {
    expect(manners({ answerFirst: 1, evidenceFirst: 0 })).toHaveLength(300);
  });

  it('writes the manners: the place alone, evidence before the place, or no place', () => {
    const first = manners({ answerFirst: 1, evidenceFirst: 0 });
    const evidence = manners({ answerFirst: 0, evidenceFirst: 1 });
    const declined = manners({ answerFirst: 0, evidenceFirst: 0 });
    const sentences = ({ target }: SftItem): number => target.split('. ').length;
    const mean = (items: readonly SftItem[]): number =>
      items.reduce((sum, item) => sum + sentences(item), 0) / items.length;
    expect(mean(evidence)).toBeGreaterThan(mean(first) + 1);
    expect(declined.every(({ target }) => target.includes('country: unknown'))).toBe(true);
    for (const { target } of evidence) {
      const [clues = ''] = target.split(/Taken together|On balance|So |The answer|I would settle|That makes/u);
      expect(placed(clues)).toBeUndefined();
    }
  });
});

describe('openCorpora', () => {
  it.each([
    [{ kind: 'poems' }, 'kind'],
    [{ kind: 'descriptions', annotators: ['nobody'] }, 'annotators'],
    [{ kind: 'puzzles', count: 0 }, 'count'],
    [{ kind: 'locating', annotators, share: 0.1, answerFirst: 0.7, evidenceFirst: 0.6 }, 'exceed 1 together'],
  ])('rejects %j', (spec, words) => {
    expect(() => openCorpora([spec], { world, prompt: 'short' })).toThrow(words);
  });
});
