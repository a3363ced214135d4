/**
 * The GPS annotators, segmenters and measures of meaning that a curation recipe can name. In each table, the key is the
 * word before the colon of a name. Code is loaded on first use. To offer another instrument, add an entry.
 */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Grounder, MeaningMeasure } from '../../grounding/grounding.ts';
import { lexicalMeaning } from '../../grounding/lexical-meaning.ts';
import { generativeLocator } from '../../locator/generative-locator.ts';
import type { Locator } from '../../locator/locator.ts';
import { modelCache } from '../../locator/model-registry.ts';
import type { World } from '../../miniature/world.ts';
import type { ClaimVerifier } from '../../vision/claim-verifier.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import { openAnyModel } from '../open-model.ts';

export type InstrumentOptions = {
  /** Folder or table of photos. For generated photos, the folder also contains the true annotations. */
  readonly input: string;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  /** Whether the user allows new hosts; without it, nobody is asked. */
  readonly yes?: boolean;
  readonly allowDownload: boolean;
  readonly quiet: boolean;
};

/** Opens an instrument. `rest` is the text after the colon of its name. */
export type Opener<T> = (rest: string, options: InstrumentOptions) => Promise<T>;
type Providers<T> = Readonly<Record<string, Opener<T>>>;

type Scheme = 'http' | 'https';

/**
 * Opens a GPS annotator, which can be any model that `--model` accepts. A plain URL is a position service. `miniature`
 * returns positions of generated photos. A model that writes text answers the locate prompt once per photo.
 */
export async function openGpsAnnotator(name: string, options: InstrumentOptions): Promise<Locator> {
  const { gazetteer, allowDownload, quiet, input, yes } = options;
  if (name === 'miniature' || name === 'miniature:') {
    const { simulatedGps } = await import('../../miniature/annotators/gps-annotator.ts');
    return simulatedGps(await worldOf(input, '--gps'), { gazetteer });
  }
  const isService = /^https?:/.test(name) && !name.includes('#');
  const opened = await openAnyModel({
    model: isService ? `position:${name}` : name,
    gazetteer,
    allowDownload,
    quiet,
    ...defined({ yes }),
  });
  if (opened.kind === 'positions') return opened.locator;
  const { system, temperature, maxTokens } = opened.defaults;
  return generativeLocator({ model: opened.model, gazetteer, ...defined({ system, temperature, maxTokens }) });
}

export const SEGMENTERS: Providers<Segmenter> = {
  transformers: async (source, { allowDownload }) => {
    const { openTransformersSegmenter } = await import('../../vision/segmentation/transformers-segmenter.ts');
    return openTransformersSegmenter(source, { allowDownload, cacheFolder: modelCache(process.env) });
  },
  /**
   * A segmenter that returns the true elements of generated photos. With `miniature:0.1`, it misses a tenth of the
   * small elements.
   */
  miniature: async (missed, { input }) => {
    const { truthSegmenter } = await import('../../miniature/annotators/truth-segmenter.ts');
    return truthSegmenter(await worldOf(input, '--segmentation'), { missed: Number(missed) });
  },
};

/** Verifiers that are not vision-language models. */
export const VERIFIERS: Partial<Providers<ClaimVerifier>> = {
  /**
   * A verifier that knows the truth about generated photos. With `miniature:0.1`, its verdict is wrong for a tenth of
   * the claims.
   */
  miniature: async (errs, { input }) => {
    const { truthVerifier } = await import('../../miniature/annotators/truth-verifier.ts');
    return truthVerifier(await worldOf(input, 'verifier'), { errs: Number(errs) });
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
    return embeddingMeaning(
      await openTransformersEmbedder(source, { allowDownload, cacheFolder: modelCache(process.env) }),
    );
  },
  http: meaningOverHttp('http'),
  https: meaningOverHttp('https'),
};

/** Opens the instrument "PROVIDER:REST". Throws `invalid-input` if the provider is not in the table. */
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
 * Opens the generated world that the photos belong to. If the photos are not from a generated world, throws
 * `invalid-input` with a hint to change the value of `option`.
 */
async function worldOf(input: string, option: '--gps' | '--segmentation' | 'verifier'): Promise<World> {
  const { openWorld } = await import('../../miniature/world.ts');
  return openWorld(await worldFolder(input)).catch((error: unknown) => {
    if (!(error instanceof GlobeError)) throw error;
    throw invalidInput(
      `${error.message} The recipe's instrument "miniature" works only with generated photos.`,
      option === 'verifier'
        ? 'For other photos, name a vision-language model as the verifier of the recipe, or null.'
        : `For other photos, give ${option} MODEL, or ${option} none to switch the instrument off.`,
    );
  });
}

/** Returns the folder of a generated world. `input` is this folder or a table of photos in it. */
export async function worldFolder(input: string): Promise<string> {
  return (await stat(input)).isDirectory() ? input : dirname(input);
}
