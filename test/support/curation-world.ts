/**
 * A small world for tests of curation. It has drawn photos, annotators whose faults depend on a photo's number, and
 * instruments that know the drawings. Everything depends only on the photo's number, so a reader can work out the
 * expected verdict.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { random } from '../../src/core/random.ts';
import type { GateInputs } from '../../src/curation/gates/gate.ts';
import type { Instruments } from '../../src/curation/observe/instruments.ts';
import type { Oracle } from '../../src/curation/judge/oracle.ts';
import type { Photo } from '../../src/curation/observe/photo.ts';
import { parseRecipe } from '../../src/curation/recipe/read-recipe.ts';
import { readPhotos } from '../../src/curation/observe/read-photos.ts';
import type { Recipe } from '../../src/curation/recipe/recipe.ts';
import type { Grounder } from '../../src/grounding/grounding.ts';
import { prepareImage } from '../../src/image/prepare-image.ts';
import type { PreparedImage } from '../../src/image/prepared-image.ts';
import { annotationText } from '../../src/prompts/annotate-prompt.ts';
import { scriptedModel } from '../../src/vision/scripted-model.ts';
import type { VisionModel } from '../../src/vision/vision-model.ts';
import { TINY_CITIES, tinyGazetteer } from './tiny-gazetteer.ts';

export const VOCABULARY = ['tram', 'church', 'palm', 'bridge', 'market', 'castle'] as const;

/** For each property or fault, whether photo `i` has it, which depends on a remainder of `i`. */
export const FAULTS = {
  notLocalizable: (i: number) => i % 11 === 3,
  carefulWrong: (i: number) => i % 7 === 2,
  hastyWrong: (i: number) => i % 5 === 1,
  carefulHallucinates: (i: number) => i % 13 === 4,
  hastyHallucinates: (i: number) => i % 6 === 5,
  malformedAtFirst: (i: number) => i % 4 === 1,
  gpsUnsure: (i: number) => i % 17 === 6,
} as const;

export type World = {
  readonly photos: readonly Photo[];
  readonly instruments: Instruments;
  readonly bench: GateInputs;
  readonly oracle: Oracle;
  readonly recipe: Recipe;
};

/** Writes `count` photos and their table (in MP-16's format) to a folder. */
export async function drawPhotos(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rows = ['IMG_ID,AUTHOR,LAT,LON,S3_Label'];
  for (let i = 0; i < count; i++) {
    const { latitudeDegrees, longitudeDegrees } = cityOf(i);
    await writeFile(join(folder, idOf(i)), await noise(i));
    rows.push(`${idOf(i)},owner-${i % 9},${latitudeDegrees},${longitudeDegrees},${i % 3}`);
  }
  await writeFile(join(folder, 'metadata.csv'), `${rows.join('\n')}\n`);
}

export type WorldOptions = {
  readonly recipe?: object;
  readonly models?: Partial<Record<'careful' | 'hasty', VisionModel>>;
};

/** Opens the world in a folder that `drawPhotos` wrote. */
export async function openWorld(folder: string, { recipe = {}, models = {} }: WorldOptions = {}): Promise<World> {
  const photos = await readPhotos(folder);
  const numberOf = await (numbers.get(folder) ?? numbers.set(folder, numbersOf(photos)).get(folder)!);
  const numberIn = (image: PreparedImage | undefined): number => numberOf.get(image!.sha256)!;
  const annotator = (name: 'careful' | 'hasty'): VisionModel =>
    models[name] ??
    scriptedModel(
      ({ image, temperature }) => {
        const i = numberIn(image);
        if (name === 'careful' && temperature === 0 && FAULTS.malformedAtFirst(i)) return ['{"reasoning": "A long'];
        return [
          { text: annotationBy(name, i), finishReason: 'stop', usage: { promptTokens: 100, completionTokens: 10 } },
        ];
      },
      { name },
    );
  return {
    photos,
    recipe: parseRecipe({
      annotators: [{ model: 'careful' }, { model: 'hasty' }],
      gps: { model: 'gps' },
      segmentation: { model: 'drawn' },
      gates: { localizability: { minGpsConfidence: 0.2 }, grounding: { minGroundedShare: 0.6 } },
      split: null,
      ...recipe,
    }),
    instruments: {
      annotators: new Map([
        ['careful', annotator('careful')],
        ['hasty', annotator('hasty')],
      ]),
      gps: {
        name: 'gps',
        locate: async (image) => {
          const i = numberIn(image);
          const { latitudeDegrees, longitudeDegrees } = cityOf(i);
          return Promise.resolve({
            kind: 'located',
            coordinate: { latitudeDegrees: latitudeDegrees + 0.1, longitudeDegrees },
            confidence: FAULTS.gpsUnsure(i) ? 0.1 : 0.9,
            reasoning: '',
            samples: [],
          });
        },
      },
      segmenter: {
        name: 'drawn',
        segment: async (image) => Promise.resolve(elementsOf(numberIn(image)).map((label) => ({ label, share: 0.2 }))),
      },
      meaning: { name: 'words', similarity: async (a, b) => Promise.resolve(wordOverlap(a, b)) },
    },
    bench: {
      recipe: parseRecipe({ annotators: [{ model: 'careful' }], mode: 'single' }),
      gazetteer: tinyGazetteer(),
      grounder: wordGrounder,
    },
    oracle: {
      localizable: (id) => !FAULTS.notLocalizable(Number.parseInt(id, 10)),
      motif: (id) => id,
      hallucinated: (id, reasoning) =>
        VOCABULARY.filter((word) => reasoning.includes(word) && !elementsOf(Number.parseInt(id, 10)).includes(word)),
    },
  };
}

/**
 * Number of each photo, by the hash of its prepared image. It is cached by folder, because preparing images takes a
 * while.
 */
const numbers = new Map<string, Promise<ReadonlyMap<string, number>>>();

async function numbersOf(photos: readonly Photo[]): Promise<ReadonlyMap<string, number>> {
  const hashes = photos.map(
    async ({ id, path }) => [(await prepareImage(path)).sha256, Number.parseInt(id, 10)] as const,
  );
  return new Map(await Promise.all(hashes));
}

export const idOf = (i: number): string => `${String(i).padStart(5, '0')}.png`;
export const cityOf = (i: number): (typeof TINY_CITIES)[number] => TINY_CITIES[i % TINY_CITIES.length]!;

/**
 * Returns the two elements that photo `i` shows. No photo shows a castle, so a castle in an annotation is always a
 * hallucination.
 */
export function elementsOf(i: number): string[] {
  return [VOCABULARY[i % 5]!, VOCABULARY[(i + 2) % 5]!];
}

export function annotationBy(name: 'careful' | 'hasty', i: number): string {
  const wrong = name === 'careful' ? FAULTS.carefulWrong(i) : FAULTS.hastyWrong(i);
  const hallucinates = name === 'careful' ? FAULTS.carefulHallucinates(i) : FAULTS.hastyHallucinates(i);
  const { city, country } = cityOf(wrong ? i + 1 : i);
  const [a, b] = elementsOf(i);
  const reasoning = hallucinates
    ? `A castle, a castle gate and the ${a} point to ${city}.`
    : `The ${a} and the ${b} point to ${city}.`;
  return FAULTS.notLocalizable(i)
    ? annotationText({ reasoning: `The ${a} could be anywhere.`, localizable: 'no', country: null, city: null })
    : annotationText({ reasoning, localizable: 'yes', country, city });
}

const wordGrounder: Grounder = {
  entities: (reasoning) =>
    VOCABULARY.filter((word) => reasoning.includes(word)).map((word) => ({ text: word, lemma: word, head: word })),
  claims: () => [],
  match: (entities, { elements }) =>
    entities.map((entity) => {
      const element = elements.find(({ label }) => label === entity.lemma);
      return element === undefined ? { entity, matchedBy: 'none' } : { entity, element, matchedBy: 'phrase' };
    }),
};

function wordOverlap(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => new Set(text.toLowerCase().match(/[a-z]+/g)));
  const shared = [...first!].filter((word) => second!.has(word)).length;
  return shared / (first!.size + second!.size - shared);
}

/** Draws a unique picture of coloured noise. */
async function noise(i: number): Promise<Buffer> {
  const generator = random(i + 1);
  const pixels = Buffer.from(Array.from({ length: 24 * 24 * 3 }, () => generator.integer(256)));
  const raw = { width: 24, height: 24, channels: 3 } as const;
  return sharp(pixels, { raw }).resize(48, 48, { kernel: 'nearest' }).png().toBuffer();
}
