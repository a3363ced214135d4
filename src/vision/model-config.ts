/**
 * Reads `globe.config.json`, where users name their models. The schema documents the file. The file contains no API
 * keys, only the names of the environment variables that hold them.
 */
import { z } from 'zod';
import { checkDocument, readJsonIfPresent } from '../storage/read-document.ts';
import { DIALECTS } from './openai-compatible/dialects.ts';
import type { DialectName } from './openai-compatible/dialects.ts';
import { PRESETS } from './presets.ts';

export const CONFIG_FILE = 'globe.config.json';

const dialectName = z.enum(Object.keys(DIALECTS) as [DialectName, ...DialectName[]]);

const price = z.strictObject({
  promptPerMillionTokens: z.number().nonnegative(),
  completionPerMillionTokens: z.number().nonnegative(),
  currency: z.string().min(1),
});

const serverModel = z.strictObject({
  /** The preset that supplies the fields that are absent here. */
  preset: z.enum(Object.keys(PRESETS)).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  model: z.string().min(1).optional(),
  dialect: dialectName.optional(),
  /**
   * Differences of the server from its dialect. For example, `"samples": "repeat"` means that it does not support `n`.
   */
  capabilities: z
    .strictObject({
      samples: z.enum(['n', 'repeat']).optional(),
      seed: z.boolean().optional(),
      maxTopLogprobs: z.int().nonnegative().optional(),
      maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
      structured: z.enum(['json_schema', 'structured_outputs', 'guided_json', 'none']).optional(),
      choice: z.enum(['structured_outputs', 'guided_choice', 'regex', 'grammar', 'none']).optional(),
      maxTemperature: z.number().positive().optional(),
    })
    .optional(),
  /** Name of the environment variable that holds the API key. */
  apiKeyEnv: z.string().min(1).optional(),
  concurrency: z.int().positive().optional(),
  timeoutMs: z.int().positive().max(300_000).optional(),
  retry: z
    .strictObject({
      maxAttempts: z.int().positive().optional(),
      baseDelayMs: z.number().nonnegative().optional(),
      maxDelayMs: z.number().nonnegative().optional(),
      maxRetryAfterMs: z.number().nonnegative().optional(),
    })
    .optional(),
  /** Fields merged into the body of every request; null removes a field. */
  extraBody: z.record(z.string(), z.unknown()).optional(),
  system: z.string().optional(),
  temperature: z.number().nonnegative().optional(),
  maxTokens: z.int().positive().optional(),
  price: price.optional(),
});

/** A name that the user chose for another `--model` value. */
const aliasModel = z.strictObject({ use: z.string().min(1) });

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** The model for all commands without `--model`. */
  defaultModel: z.string().min(1).optional(),
  models: z.record(z.string().min(1), z.union([serverModel, aliasModel])).default({}),
});

export type ServerModelConfig = z.infer<typeof serverModel>;
export type GlobeConfig = z.infer<typeof configSchema>;

export const EMPTY_CONFIG: GlobeConfig = { models: {} };

const KIND = { name: 'configuration', schema: configSchema, hint: 'See docs/models.md.' };

/**
 * Checks a configuration that was read from `file`. Throws `invalid-input` that names the invalid field and the rule
 * for it.
 */
export function parseConfig(value: unknown, file: string): GlobeConfig {
  return checkDocument(value, file, KIND);
}

/** Loads the configuration from a folder. Returns an empty configuration if the file is missing. */
export async function loadConfig(folder: string): Promise<GlobeConfig> {
  return (await readJsonIfPresent(`${folder}/${CONFIG_FILE}`, KIND)) ?? EMPTY_CONFIG;
}
