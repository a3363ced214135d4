/**
 * The GPS annotators, segmenters and measures of meaning that a curation recipe can name. The key of each entry is the
 * word before the colon. The code of an entry is loaded on first use. To offer another instrument, add an entry here.
 */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Grounder, MeaningMeasure } from '../../grounding/grounding.ts';
import { lexicalMeaning } from '../../grounding/lexical-meaning.ts';
import type { Locator } from '../../locator/locator.ts';
import type { World } from '../../miniature/world.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import { note } from '../output.ts';
import { progressLine } from '../progress.ts';

export type InstrumentOptions = {
  /** Folder or table of photos. For generated photos, the same folder contains the true annotations. */
  readonly input: string;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly allowDownload: boolean;
  readonly quiet: boolean;
};

/** `rest` is the text after the provider's colon. */
export type Opener<T> = (rest: string, options: InstrumentOptions) => Promise<T>;
type Providers<T> = Readonly<Record<string, Opener<T>>>;

/**
 * Environment variable with the API key of an HTTP GPS annotator. It has its own variable so that the annotator never
 * gets the key of another service.
 */
const GPS_API_KEY = 'GLOBE_GPS_API_KEY';

type Scheme = 'http' | 'https';

const gpsOverHttp =
  (scheme: Scheme): Opener<Locator> =>
  async (rest, { gazetteer }) => {
    const { httpLocator } = await import('../../locator/geoclip/http-locator.ts');
    const apiKey = process.env[GPS_API_KEY];
    return httpLocator({ url: `${scheme}:${rest}`, gazetteer, ...defined({ apiKey }) });
  };

export const GPS_ANNOTATORS: Providers<Locator> = {
  geoclip: async (folder, { gazetteer, allowDownload, quiet }) => {
    const { openGeoClip } = await import('../../locator/geoclip/geoclip-locator.ts');
    let progress: ReturnType<typeof progressLine> | undefined;
    return openGeoClip({
      folder,
      gazetteer,
      hub: { allowDownload, cacheFolder: modelCache(), onNotice: note },
      ...(!quiet && {
        onProgress: (done, total) => {
          progress ??= progressLine(total, { label: 'positions of the gallery' });
          progress.update(done);
        },
      }),
    });
  },
  http: gpsOverHttp('http'),
  https: gpsOverHttp('https'),
  miniature: async (_, { input, gazetteer }) => {
    const { simulatedGps } = await import('../../miniature/annotators/gps-annotator.ts');
    return simulatedGps(await worldOf(input, '--gps'), { gazetteer });
  },
};

export const SEGMENTERS: Providers<Segmenter> = {
  transformers: async (source, { allowDownload }) => {
    const { openTransformersSegmenter } = await import('../../vision/segmentation/transformers-segmenter.ts');
    return openTransformersSegmenter(source, { allowDownload, cacheFolder: modelCache() });
  },
  /** A segmenter that knows the truth. With `miniature:0.1`, it misses a tenth of the small elements. */
  miniature: async (missed, { input }) => {
    const { truthSegmenter } = await import('../../miniature/annotators/truth-segmenter.ts');
    return truthSegmenter(await worldOf(input, '--segmentation'), { missed: Number(missed) });
  },
};

const meaningOverHttp =
  (scheme: Scheme): Opener<MeaningMeasure> =>
  async (rest) => {
    const [baseUrl = '', model = ''] = `${scheme}:${rest}`.split('#');
    if (model === '') throw invalidInput(`Missing embedding model in "${scheme}:${rest}".`, 'Write BASE_URL#MODEL.');
    const { openOpenAIEmbedder } = await import('../../vision/embeddings/openai-embedder.ts');
    const { embeddingMeaning } = await import('../../vision/embeddings/embedding-meaning.ts');
    const { dialectOf } = await import('../../vision/openai-compatible/dialects.ts');
    const apiKey = process.env[dialectOf(baseUrl).apiKeyEnv];
    return embeddingMeaning(await openOpenAIEmbedder({ baseUrl, model, apiKey }));
  };

export const MEANING_MEASURES: Providers<MeaningMeasure> = {
  lexical: async (_, { grounder }) => Promise.resolve(lexicalMeaning(grounder)),
  transformers: async (source, { allowDownload }) => {
    const { openTransformersEmbedder } = await import('../../vision/embeddings/transformers-embedder.ts');
    const { embeddingMeaning } = await import('../../vision/embeddings/embedding-meaning.ts');
    return embeddingMeaning(await openTransformersEmbedder(source, { allowDownload, cacheFolder: modelCache() }));
  },
  http: meaningOverHttp('http'),
  https: meaningOverHttp('https'),
};

/** Opens "PROVIDER:REST". Throws `invalid-input` for a provider that is not in the table. */
export async function openFrom<T>(
  table: Providers<T>,
  name: string,
  { what, options }: { what: string; options: InstrumentOptions },
): Promise<T> {
  const [provider = '', ...rest] = name.split(':');
  const opener = Object.hasOwn(table, provider) ? table[provider] : undefined;
  if (opener !== undefined) return opener(rest.join(':'), options);
  throw invalidInput(`Unknown ${what}: "${name}".`, `Use one of: ${Object.keys(table).join(', ')}.`);
}

/**
 * Opens the world of generated photos. Throws `invalid-input` for other photos, with a hint to change the value of
 * `option`.
 */
async function worldOf(input: string, option: '--gps' | '--segmentation'): Promise<World> {
  const { openWorld } = await import('../../miniature/world.ts');
  return openWorld(await worldFolder(input)).catch((error: unknown) => {
    if (!(error instanceof GlobeError)) throw error;
    throw invalidInput(
      `${error.message} The recipe's instrument "miniature" works only with generated photos.`,
      `For other photos, give ${option} MODEL, or ${option} none to switch the instrument off.`,
    );
  });
}

/**
 * Returns the folder of the generated world that contains a table of photos. `input` may also be that folder itself.
 */
export async function worldFolder(input: string): Promise<string> {
  return (await stat(input)).isDirectory() ? input : dirname(input);
}

/** Returns the cache folder that `--model transformers:REPO` uses as well. */
function modelCache(): string {
  return join(process.env['GLOBE_CACHE'] ?? join(homedir(), '.cache', 'globe'), 'transformers');
}
