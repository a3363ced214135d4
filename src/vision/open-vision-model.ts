/**
 * Opens the model that a `--model` value names. A provider opens models that run in this process. Callers in higher
 * layers can add providers, for example the one for the embedded model. A provider's code is loaded only when it is
 * needed.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { GlobeConfig } from './model-config.ts';
import { resolveModel } from './resolve-model.ts';
import type { ModelDefaults, ResolvedModel } from './resolve-model.ts';
import type { RetryEvent, RetryPolicy } from '../service/retry.ts';
import type { VisionModel } from './vision-model.ts';

/** Opens the model `PROVIDER:REST`. `rest` is empty if the user wrote only the provider. */
export type ModelProvider = (rest: string, options: OpenModelOptions) => Promise<VisionModel>;

export type OpenModelOptions = {
  readonly config: GlobeConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Providers in addition to `transformers` and `scripted`. */
  readonly providers?: Readonly<Record<string, ModelProvider>>;
  readonly baseUrl?: string;
  readonly modelId?: string;
  /** Maximum number of concurrent requests. The default is the number in the configuration. */
  readonly concurrency?: number;
  /** Whether models in this process may download missing files from the hub. */
  readonly allowDownload?: boolean;
  readonly onRetry?: (event: RetryEvent) => void;
  /** Called with a sentence about each feature that the server does not support. */
  readonly onNotice?: (text: string) => void;
  /** The retry policy. Values in the configuration override it. */
  readonly retry?: Partial<RetryPolicy>;
  readonly fetch?: typeof fetch;
};

export type OpenModel = { readonly model: VisionModel; readonly defaults: ModelDefaults };

const PROVIDERS: Readonly<Record<string, ModelProvider>> = {
  scripted: async (file) => {
    if (file === '')
      throw invalidInput('Missing file of recorded responses after "scripted:".', 'Write scripted:FILE.jsonl.');
    const { openScriptedModel } = await import('./scripted-model.ts');
    return openScriptedModel(file);
  },
  transformers: async (rest, { env, allowDownload }) => {
    const [source = '', dtype] = rest.split('#');
    if (source === '') {
      throw invalidInput(
        'Missing model after "transformers:".',
        'Write transformers:REPO or transformers:FOLDER; append #q4 for 4-bit weights.',
      );
    }
    const { openTransformersModel } = await import('./transformers/transformers-model.ts');
    return openTransformersModel(source, {
      cacheFolder: join(env['GLOBE_CACHE'] ?? join(homedir(), '.cache', 'globe'), 'transformers'),
      ...defined({ dtype, allowDownload }),
    });
  },
};

/** Returns the names of all providers, including additional ones. */
export function providerNames(more: Readonly<Record<string, ModelProvider>> = {}): readonly string[] {
  return Object.keys({ ...PROVIDERS, ...more });
}

/**
 * Opens the model that `spec` names: BASE_URL#NAME, PROVIDER:REST, a preset or a configured name. Throws
 * `invalid-input` for an unknown name.
 *
 * @example
 * const { model } = await openVisionModel('http://127.0.0.1:11434/v1#qwen2.5vl:7b', { config: { models: {} }, env: process.env });
 */
export async function openVisionModel(spec: string, options: OpenModelOptions): Promise<OpenModel> {
  return openResolvedModel(resolveModel(spec, { ...options, providers: providerNames(options.providers) }), options);
}

/** Opens a model that `resolveModel` found, for callers that also open models of other kinds. */
export async function openResolvedModel(resolved: ResolvedModel, options: OpenModelOptions): Promise<OpenModel> {
  const providers = { ...PROVIDERS, ...options.providers };
  if (resolved.kind === 'provider') {
    return { model: await providers[resolved.provider]!(resolved.rest, options), defaults: {} };
  }
  return { model: await openServer(resolved, options), defaults: resolved.defaults };
}

async function openServer(
  resolved: Extract<ResolvedModel, { kind: 'server' }>,
  { env, concurrency, onRetry, onNotice, retry, fetch }: OpenModelOptions,
): Promise<VisionModel> {
  const { openOpenAICompatibleModel } = await import('./openai-compatible/openai-compatible-model.ts');
  const { apiKeyEnv, defaults: _, kind: __, ...options } = resolved;
  const apiKey = env[apiKeyEnv];
  return openOpenAICompatibleModel({
    ...options,
    ...(retry && { retry: { ...retry, ...options.retry } }),
    ...(apiKey !== undefined && apiKey !== '' && { apiKey }),
    ...defined({ concurrency, onRetry, onNotice, fetch }),
  });
}
