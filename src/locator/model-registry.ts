/**
 * The registry of everything that `--model` can name. A name opens either a model that writes text, or a locator that
 * returns positions without text. Every command resolves names here, so that one name means one model everywhere.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { shippedPath } from '../storage/package-files.ts';
import { openResolvedModel, providerNames } from '../vision/open-vision-model.ts';
import type { ModelProvider, OpenModel, OpenModelOptions } from '../vision/open-vision-model.ts';
import { resolveModel } from '../vision/resolve-model.ts';
import type { ResolvedModel } from '../vision/resolve-model.ts';
import type { Locator } from './locator.ts';

/** How a locator without text output finds a position. */
export type PositionMethod = 'geocell-classifier' | 'image-retriever' | 'geoclip' | 'position-service';

export type RegisteredModel =
  | ({ readonly kind: 'text'; readonly resolved: ResolvedModel } & OpenModel)
  | {
      readonly kind: 'positions';
      readonly resolved: ResolvedModel;
      readonly method: PositionMethod;
      readonly locator: Locator & Partial<AsyncDisposable>;
    };

export type OpenRegisteredOptions = OpenModelOptions & {
  /** Finds the place at a position. Without it, positions have no places. */
  readonly gazetteer?: Pick<Gazetteer, 'reverse'>;
  /** Called with the address of a server before it is used. Throws if photos must not be sent there. */
  readonly confirmAddress?: (address: string) => Promise<void>;
  /** Called while GeoCLIP computes the embeddings of its gallery for the first time. */
  readonly onGallery?: (done: number, total: number) => void;
};

type OpenedPositions = Pick<Extract<RegisteredModel, { kind: 'positions' }>, 'method' | 'locator'>;
type PositionOpener = (rest: string, options: OpenRegisteredOptions) => Promise<OpenedPositions | undefined>;

/**
 * Environment variable with the API key of a position service. It has its own variable so that the service never gets
 * the key of another service.
 */
const POSITION_API_KEY = 'GLOBE_GPS_API_KEY';

/**
 * For each name before the colon, the function that opens the model. The function returns undefined for a model that
 * writes text.
 */
const POSITION_MODELS: Readonly<Record<string, PositionOpener>> = {
  geoclip: async (folder, { gazetteer, allowDownload, env, onNotice, onGallery }) => {
    if (folder === '') {
      throw invalidInput(
        'Missing folder or repository after "geoclip:".',
        'Write geoclip:FOLDER or geoclip:OWNER/NAME.',
      );
    }
    const { openGeoClip } = await import('./geoclip/geoclip-locator.ts');
    const locator = await openGeoClip({
      folder,
      name: `geoclip:${folder}`,
      hub: { cacheFolder: modelCache(env), ...defined({ allowDownload, onNotice }) },
      ...defined({ gazetteer, onProgress: onGallery }),
    });
    return { method: 'geoclip', locator };
  },
  nano: async (rest, { gazetteer }) => {
    const folder = shippedPath(rest);
    const { positionKindOf } = await import('../nano/heads/position-checkpoint.ts');
    const method = await positionKindOf(folder);
    if (method === undefined) return undefined;
    const { openPositionLocator } = await import('./position-locator.ts');
    return { method, locator: await openPositionLocator({ folder, name: `nano:${rest}`, ...defined({ gazetteer }) }) };
  },
  position: async (url, { gazetteer, env, fetch }) => {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw invalidInput(`Invalid address of a position service: "${url}".`, 'Write position:https://HOST/PATH.');
    }
    const { httpLocator } = await import('./geoclip/http-locator.ts');
    const locator = httpLocator({ url, ...defined({ gazetteer, apiKey: env[POSITION_API_KEY], fetch }) });
    return { method: 'position-service', locator };
  },
};

const TEXT_MODELS: Readonly<Record<string, ModelProvider>> = {
  nano: async (rest) => (await import('./nano-model.ts')).openNanoModel(shippedPath(rest)),
};

/** The provider names that a `--model` value can have before its colon. */
export const registeredNames = (more: OpenModelOptions['providers'] = {}): readonly string[] => [
  ...new Set([...Object.keys(POSITION_MODELS), ...providerNames({ ...TEXT_MODELS, ...more })]),
];

/**
 * Opens what `spec` names: BASE_URL#NAME, transformers:REPO, nano:FOLDER, geoclip:FOLDER, position:URL, scripted:FILE, a
 * preset, or a name in the configuration. Throws `invalid-input` for an unknown name, and the errors of the model.
 *
 * @example
 * const opened = await openRegistered('geoclip:VicenteVivanco/geoclip-geolocation', { config: { models: {} }, env: process.env });
 * const locator = opened.kind === 'text' ? generativeLocator({ model: opened.model, gazetteer }) : opened.locator;
 */
export async function openRegistered(spec: string, options: OpenRegisteredOptions): Promise<RegisteredModel> {
  const resolved = resolveModel(spec, { ...options, providers: registeredNames(options.providers) });
  const address = addressOf(resolved);
  if (address !== undefined) await options.confirmAddress?.(address);
  const opener = resolved.kind === 'provider' ? POSITION_MODELS[resolved.provider] : undefined;
  const positions =
    opener === undefined ? undefined : await opener(resolved.kind === 'provider' ? resolved.rest : '', options);
  if (positions !== undefined) return { kind: 'positions', resolved, ...positions };
  const providers = { ...TEXT_MODELS, ...options.providers };
  return { kind: 'text', resolved, ...(await openResolvedModel(resolved, { ...options, providers })) };
}

/** The address to which the model's photos go; undefined for a model in this process. */
function addressOf(resolved: ResolvedModel): string | undefined {
  if (resolved.kind === 'server') return resolved.baseUrl;
  return resolved.provider === 'position' && URL.canParse(resolved.rest) ? resolved.rest : undefined;
}

/** The name of each method in messages. */
export const METHOD_WORDS = {
  'geocell-classifier': 'a geocell classifier',
  'image-retriever': 'an image retriever',
  geoclip: 'GeoCLIP',
  'position-service': 'a position service',
} as const satisfies Record<PositionMethod, string>;

/** Folder of the downloaded models. */
export const modelCache = (env: OpenModelOptions['env']): string =>
  join(env['GLOBE_CACHE'] ?? join(homedir(), '.cache', 'globe'), 'transformers');
