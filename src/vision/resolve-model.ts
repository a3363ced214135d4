/**
 * What `--model` means: BASE_URL#NAME, PROVIDER:REST, a name from globe.config.json, or a preset. Pure; opening is
 * open-vision-model.ts's work.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Price } from './cost.ts';
import type { GlobeConfig, ServerModelConfig } from './model-config.ts';
import { DIALECTS, dialectOf } from './openai-compatible/dialects.ts';
import type { Dialect } from './openai-compatible/dialects.ts';
import { PRESETS } from './presets.ts';
import type { RetryPolicy } from '../service/retry.ts';

/** How a model likes to be asked, where its authors or the user said so. */
export type ModelDefaults = {
  readonly system?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly price?: Price;
  /** Requests in flight at a time, for those who keep as many photos ready. */
  readonly concurrency?: number;
};

export type ResolvedModel =
  | {
      readonly kind: 'server';
      /** The name that results carry. */
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
  /** A model in this process: `transformers:…`, `scripted:…`, and what the caller adds. */
  | { readonly kind: 'provider'; readonly name: string; readonly provider: string; readonly rest: string };

export type ResolveOptions = {
  readonly config: GlobeConfig;
  /** Names of in-process providers; a bare name is the provider's default model. */
  readonly providers: readonly string[];
  /** For presets and configured models without an address. */
  readonly baseUrl?: string;
  /** Replaces the preset's model id: what the server at hand calls it. */
  readonly modelId?: string;
};

/** Throws `invalid-input` for a name that nothing is known by, listing what is. */
export function resolveModel(spec: string, options: ResolveOptions): ResolvedModel {
  return resolve(spec, options, new Set());
}

function resolve(spec: string, options: ResolveOptions, seen: ReadonlySet<string>): ResolvedModel {
  if (seen.has(spec)) throw invalidInput(`The model ${spec} is defined by itself in globe.config.json.`);
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
      `Give --base-url${preset?.serve === undefined ? '' : `; to serve it yourself: ${preset.serve}`}`,
    );
  }
  const model = config.model ?? options.modelId ?? preset?.model;
  if (model === undefined) {
    throw invalidInput(`The model ${name} has no model id.`, preset?.note ?? 'Give --model-id.');
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
    // By the address, not the dialect: OpenAI's key never goes to a server that only speaks like OpenAI's.
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
  if (!URL.canParse(text)) throw invalidInput(`${text} is not a URL.`, 'Write it with http:// or https://.');
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') {
    throw invalidInput('The address of the server carries credentials.', 'Put the key into an environment variable.');
  }
  return text;
}

function unknownModel(spec: string, { config, providers }: ResolveOptions): Error {
  const known = [...Object.keys(config.models), ...providers.map((name) => `${name}:…`), ...Object.keys(PRESETS)];
  return invalidInput(
    `No model is known by the name ${spec}.`,
    `Write BASE_URL#NAME for a server, or one of: ${known.join(', ')}.`,
  );
}
