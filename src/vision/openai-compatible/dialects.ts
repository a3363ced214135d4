/**
 * The differences between servers with OpenAI's chat completions, as a table. An unknown server is `generic`: it gets
 * only fields that all servers accept, and extra calls make up for fields that it ignores.
 */

export type Dialect = {
  readonly name: DialectName;
  /** 'n' when one call can return several completions, 'repeat' when each needs its own call. */
  readonly samples: 'n' | 'repeat';
  readonly seed: boolean;
  /** Maximum number of alternatives per token; 0 if the server returns no log-probabilities. */
  readonly maxTopLogprobs: number;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  readonly auth: 'bearer' | 'api-key';
  /** The request field that makes the completion follow a JSON schema. */
  readonly structured: 'json_schema' | 'structured_outputs' | 'guided_json' | 'none';
  /** The request field that limits the completion to a few choices; 'guided_choice' is for vLLM before 0.12. */
  readonly choice: 'structured_outputs' | 'guided_choice' | 'regex' | 'grammar' | 'none';
  /** Highest accepted temperature. */
  readonly maxTemperature: number;
  /** The environment variable that holds the API key, unless the configuration names another. */
  readonly apiKeyEnv: string;
  /** Path of the health check, relative to the server's root; by default the model list serves as health check. */
  readonly healthPath?: string;
};

export type DialectName = 'generic' | 'vllm' | 'sglang' | 'llama.cpp' | 'ollama' | 'openai' | 'azure' | 'ark';

const generic: Dialect = {
  name: 'generic',
  samples: 'n',
  seed: true,
  maxTopLogprobs: 20,
  maxTokensField: 'max_tokens',
  auth: 'bearer',
  structured: 'json_schema',
  // Servers ignore or reject unknown fields, so only servers known to support a field get it.
  choice: 'none',
  maxTemperature: 2,
  // Not OPENAI_API_KEY, because that key must not be sent to other servers than OpenAI's.
  apiKeyEnv: 'GLOBE_API_KEY',
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  generic,
  // In vLLM, `response_format` works in every version; version 0.12 replaced `guided_json` by `structured_outputs`.
  vllm: { ...generic, name: 'vllm', choice: 'structured_outputs', healthPath: '/health' },
  sglang: { ...generic, name: 'sglang', choice: 'regex', healthPath: '/health' },
  'llama.cpp': { ...generic, name: 'llama.cpp', choice: 'grammar', healthPath: '/health' },
  ollama: { ...generic, name: 'ollama', samples: 'repeat', healthPath: '/api/version' },
  openai: { ...generic, name: 'openai', maxTokensField: 'max_completion_tokens', apiKeyEnv: 'OPENAI_API_KEY' },
  azure: {
    ...generic,
    name: 'azure',
    auth: 'api-key',
    maxTokensField: 'max_completion_tokens',
    apiKeyEnv: 'AZURE_OPENAI_API_KEY',
  },
  ark: {
    ...generic,
    name: 'ark',
    samples: 'repeat',
    seed: false,
    structured: 'none',
    maxTemperature: 1,
    apiKeyEnv: 'ARK_API_KEY',
  },
};

/** Derives the dialect from a server's address: hosted services from the host, Ollama from the port. */
export function dialectOf(baseUrl: string): Dialect {
  const { hostname, port } = new URL(baseUrl);
  if (hostname === 'api.openai.com') return DIALECTS.openai;
  if (/\.(?:openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com)$/.test(hostname)) {
    return DIALECTS.azure;
  }
  if (/^ark\..*\.(?:volces|bytepluses)\.com$/.test(hostname)) return DIALECTS.ark;
  return port === '11434' ? DIALECTS.ollama : DIALECTS.generic;
}
