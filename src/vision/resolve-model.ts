/**
 * Finds out what `--model` names: BASE_URL#NAME, PROVIDER:REST, a name from globe.config.json, or a preset. It loads
 * nothing; open-vision-model.ts opens the model.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Price } from './cost.ts';
import type { GlobeConfig, ServerModelConfig } from './model-config.ts';
import { DIALECTS, dialectOf } from './openai-compatible/dialects.ts';
import type { Dialect } from './openai-compatible/dialects.ts';
import { PRESETS } from './presets.ts';
import type { RetryPolicy } from '../service/retry.ts';

/** Inference settings from the model's authors or the user. */
export type ModelDefaults = {
  readonly system?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly price?: Price;
  /** Maximum number of concurrent requests. Callers prepare this many photos at once. */
  readonly concurrency?: number;
};

export type ResolvedModel =
  | {
      readonly kind: 'server';
      /** The model's name in results. */
      readonly name: string;
      readonly baseUrl: string;
      readonly model: string;
      readonly dialect: Dialect;
      readonly apiKeyEnv: string;
      readonly concurrency?: number;
      readonly timeoutMs?: number;
      readonly retry?: Partial<RetryPolicy>;
      readonly extraBody?: Readonly<Record<string, unknown>>;
      readonly defaults: ModelDefaults;
    }
  /** A model in this process: `transformers:…`, `scripted:…`, or a model of a provider that the caller added. */
  | { readonly kind: 'provider'; readonly name: string; readonly provider: string; readonly rest: string };

export type ResolveOptions = {
  readonly config: GlobeConfig;
  /** Names of the providers of models in this process. A provider's name alone means its default model. */
  readonly providers: readonly string[];
  /** Server address for presets, and for configured models without an address. */
  readonly baseUrl?: string;
  /** The server's name for the model, if it differs from the name in the preset. */
  readonly modelId?: string;
};

/** Resolves a `--model` value. Throws `invalid-input` for an unknown name, with the list of known names. */
export function resolveModel(spec: string, options: ResolveOptions): ResolvedModel {
  return resolve(spec, options, new Set());
}

function resolve(spec: string, options: ResolveOptions, seen: ReadonlySet<string>): ResolvedModel {
  if (seen.has(spec)) throw invalidInput(`The model ${spec} refers to itself in globe.config.json.`);
  if (/^https?:\/\//.test(spec)) return fromUrl(spec);
  const configured = Object.hasOwn(options.config.models, spec) ? options.config.models[spec] : undefined;
  if (configured !== undefined) {
    return 'use' in configured
      ? resolve(configured.use, options, new Set([...seen, spec]))
      : fromConfig(spec, configured, options);
  }
  const [provider = '', ...rest] = spec.split(':');
  if (options.providers.includes(provider)) {
    return { kind: 'provider', name: spec, provider, rest: rest.join(':') };
  }
  if (Object.hasOwn(PRESETS, spec)) return fromConfig(spec, { preset: spec }, options);
  throw unknownModel(spec, options);
}

function fromUrl(spec: string): ResolvedModel {
  const hash = spec.indexOf('#');
  const model = hash === -1 ? '' : decodeURIComponent(spec.slice(hash + 1));
  if (model === '') {
    throw invalidInput(
      `${spec} names a server but no model.`,
      'Write BASE_URL#NAME, e.g. http://localhost:8000/v1#qwen.',
    );
  }
  const baseUrl = validUrl(spec.slice(0, hash));
  const dialect = dialectOf(baseUrl);
  const { origin, pathname } = new URL(baseUrl);
  const name = `${origin}${pathname.replace(/\/+$/, '')}#${model}`;
  return { kind: 'server', name, baseUrl, model, dialect, apiKeyEnv: dialect.apiKeyEnv, defaults: {} };
}

function fromConfig(name: string, config: ServerModelConfig, options: ResolveOptions): ResolvedModel {
  const preset = config.preset === undefined ? undefined : PRESETS[config.preset];
  const address = config.baseUrl ?? options.baseUrl ?? preset?.baseUrl;
  if (address === undefined) {
    throw invalidInput(
      `The model ${name} has no server address.${preset?.note === undefined ? '' : ` ${preset.note}`}`,
      `Add --base-url.${preset?.serve === undefined ? '' : ` To serve the model yourself: ${preset.serve}`}`,
    );
  }
  const model = config.model ?? options.modelId ?? preset?.model;
  if (model === undefined) {
    throw invalidInput(`The model ${name} has no model id.`, preset?.note ?? 'Add --model-id.');
  }
  const baseUrl = validUrl(address);
  const named = config.dialect ?? preset?.dialect;
  const dialect = withCapabilities(named === undefined ? dialectOf(baseUrl) : DIALECTS[named], config.capabilities);
  const { concurrency, timeoutMs, retry, extraBody, price } = config;
  return {
    kind: 'server',
    name,
    baseUrl,
    model,
    dialect,
    // The address decides, because a server with OpenAI's dialect may not be OpenAI, and then must not receive OpenAI's
    // key.
    apiKeyEnv: config.apiKeyEnv ?? dialectOf(baseUrl).apiKeyEnv,
    ...defined({ concurrency, timeoutMs }),
    ...(retry !== undefined && { retry: defined(retry) }),
    ...defined({ extraBody }),
    defaults: defined({
      system: config.system ?? preset?.system,
      temperature: config.temperature ?? preset?.temperature,
      maxTokens: config.maxTokens ?? preset?.maxTokens,
      price,
      concurrency,
    }),
  };
}

const withCapabilities = (dialect: Dialect, capabilities: ServerModelConfig['capabilities']): Dialect =>
  capabilities === undefined ? dialect : { ...dialect, ...defined(capabilities) };

function validUrl(text: string): string {
  if (!URL.canParse(text))
    throw invalidInput(`Invalid server address: ${text}.`, 'Write a complete URL with http:// or https://.');
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') {
    throw invalidInput('The server address contains credentials.', 'Put the key into an environment variable.');
  }
  return text;
}

function unknownModel(spec: string, { config, providers }: ResolveOptions): Error {
  const known = [...Object.keys(config.models), ...providers.map((name) => `${name}:…`), ...Object.keys(PRESETS)];
  return invalidInput(`Unknown model: ${spec}.`, `Use BASE_URL#NAME for a server, or one of: ${known.join(', ')}.`);
}
