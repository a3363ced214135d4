/**
 * Opens what a curation recipe names: annotators by `--model` values, the GPS annotator, the segmentation and the
 * measure of meaning by the tables here. A layer that brings another one adds an entry.
 */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { invalidInput } from '../../core/errors.ts';
import type { Instruments } from '../../curation/instruments.ts';
import { createPassRate } from '../../curation/pass-rate.ts';
import { annotatorName } from '../../curation/recipe.ts';
import type { Recipe } from '../../curation/recipe.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Grounder, MeaningMeasure } from '../../grounding/grounding.ts';
import { lexicalMeaning } from '../../grounding/lexical-meaning.ts';
import type { Locator } from '../../locator/locator.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import { openModel } from '../open-model.ts';
import { progressLine } from '../progress.ts';

export type InstrumentOptions = {
  /** The folder or table of photos: generated ones have their truth beside them. */
  readonly input: string;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly allowDownload: boolean;
  readonly quiet: boolean;
};

/** By the name before the colon; `rest` is what follows it. */
type Opener<T> = (rest: string, options: InstrumentOptions) => Promise<T>;

/** Holds the key of a GPS annotator behind HTTP: a name of its own, so that no other service's key is sent there. */
const GPS_API_KEY = 'GLOBE_GPS_API_KEY';

const overHttp =
  (scheme: 'http' | 'https'): Opener<Locator> =>
  async (rest, { gazetteer }) => {
    const { httpLocator } = await import('../../locator/geoclip/http-locator.ts');
    const apiKey = process.env[GPS_API_KEY];
    return httpLocator({ url: `${scheme}:${rest}`, gazetteer, ...(apiKey !== undefined && { apiKey }) });
  };

export const GPS_ANNOTATORS: Readonly<Record<string, Opener<Locator>>> = {
  geoclip: async (folder, { gazetteer, quiet }) => {
    const { openGeoClip } = await import('../../locator/geoclip/geoclip-locator.ts');
    let progress: ReturnType<typeof progressLine> | undefined;
    return openGeoClip({
      folder,
      gazetteer,
      ...(!quiet && {
        onProgress: (done, total) => {
          progress ??= progressLine(total, { label: 'positions of the gallery' });
          progress.update(done);
        },
      }),
    });
  },
  http: overHttp('http'),
  https: overHttp('https'),
  miniature: async (folder, { input, gazetteer }) => {
    const { openWorld, simulatedGps } = await import('../../miniature/index.ts');
    return simulatedGps(await openWorld(folder || (await folderOf(input))), { gazetteer });
  },
};

export const SEGMENTERS: Readonly<Record<string, Opener<Segmenter>>> = {
  /** `miniature:0.1` misses a tenth of the small elements. */
  miniature: async (missed, { input }) => {
    const { openWorld, truthSegmenter } = await import('../../miniature/index.ts');
    return truthSegmenter(await openWorld(await folderOf(input)), { missed: Number(missed) });
  },
};

export const MEANING_MEASURES: Readonly<Record<string, Opener<MeaningMeasure>>> = {
  lexical: async (_, { grounder }) => Promise.resolve(lexicalMeaning(grounder)),
};

/** Only what the mode uses is opened. Throws `invalid-input` for unknown names. */
export async function openInstruments(recipe: Recipe, options: InstrumentOptions): Promise<Instruments> {
  const { allowDownload, quiet } = options;
  const used = recipe.mode === 'single' ? recipe.annotators.slice(0, 1) : recipe.annotators;
  const annotators = used.map(async (annotator) => {
    const { model, concurrency } = annotator;
    const opened = await openModel({ model: await withWorld(model, options), concurrency, allowDownload, quiet });
    return [annotatorName(annotator), opened.model] as const;
  });
  const full = recipe.mode === 'full';
  const { gps, segmentation, meaning } = recipe;
  const { solvable } = recipe.gates;
  return {
    annotators: new Map(await Promise.all(annotators)),
    ...(full && gps !== null && { gps: await open('GPS annotator', gps.model, { table: GPS_ANNOTATORS, options }) }),
    ...(full &&
      segmentation !== null && {
        segmenter: await open('segmentation', segmentation.model, { table: SEGMENTERS, options }),
      }),
    ...(full && { meaning: await open('measure of meaning', meaning.measure, { table: MEANING_MEASURES, options }) }),
    ...(solvable !== null && {
      passRate: createPassRate({
        model: (await openModel({ model: solvable.model, concurrency: solvable.concurrency, allowDownload, quiet }))
          .model,
        gazetteer: options.gazetteer,
        solvable,
        seed: recipe.seed,
      }),
    }),
  };
}

/** Where the photos' truth would be: the folder given, or that of the table given. */
async function folderOf(input: string): Promise<string> {
  return (await stat(input)).isDirectory() ? input : dirname(input);
}

/** `miniature:careful` in a recipe knows the photos of the input's world, whatever folder that is. */
async function withWorld(model: string, { input }: InstrumentOptions): Promise<string> {
  const profile = /^miniature:(\w+)$/.exec(model)?.[1];
  return profile === undefined ? model : `miniature:${await folderOf(input)}#${profile}`;
}

async function open<T>(
  what: string,
  name: string,
  { table, options }: { table: Readonly<Record<string, Opener<T>>>; options: InstrumentOptions },
): Promise<T> {
  const [provider, ...rest] = name.split(':');
  const opener = table[provider!];
  if (opener !== undefined) return opener(rest.join(':'), options);
  throw invalidInput(`There is no ${what} "${name}".`, `Known are: ${Object.keys(table).join(', ')}.`);
}
