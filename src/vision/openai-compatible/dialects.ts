/**
 * A table of the differences between servers with OpenAI's chat completions API. An unknown server is `generic`. It
 * receives only fields that all servers accept. If the server ignores `n`, additional calls request the missing
 * completions.
 */

export type Dialect = {
  readonly name: DialectName;
  /** 'n' if one call can return several completions; 'repeat' if each completion needs its own call. */
  readonly samples: 'n' | 'repeat';
  readonly seed: boolean;
  /** Maximum number of alternatives per token; 0 if the server returns no log-probabilities. */
  readonly maxTopLogprobs: number;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  readonly auth: 'bearer' | 'api-key';
  /** The request field that makes the completion follow a JSON schema. */
  readonly structured: 'json_schema' | 'structured_outputs' | 'guided_json' | 'none';
  /** The request field that limits the completion to a few choices. 'guided_choice' is for vLLM before version 0.12. */
  readonly choice: 'structured_outputs' | 'guided_choice' | 'regex' | 'grammar' | 'none';
  /** The highest temperature that the server accepts. */
  readonly maxTemperature: number;
  /** The environment variable that holds the API key, unless the configuration names another. */
  readonly apiKeyEnv: string;
  /**
   * Path of the health check, relative to the server's root. If it is absent, the list of models serves as health
   * check.
   */
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
  // Servers may ignore or reject unknown fields, so a field is sent only to servers that are known to support it.
  choice: 'none',
  maxTemperature: 2,
  // OPENAI_API_KEY would be wrong here, because that key must be sent only to OpenAI.
  apiKeyEnv: 'GLOBE_API_KEY',
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  generic,
  // In vLLM, `response_format` works in every version, but version 0.12 replaced `guided_json` by `structured_outputs`.
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

/** Derives the dialect from the server's address: from the host for hosted services, and from the port for Ollama. */
export function dialectOf(baseUrl: string): Dialect {
  const { hostname, port } = new URL(baseUrl);
  if (hostname === 'api.openai.com') return DIALECTS.openai;
  if (/\.(?:openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com)$/.test(hostname)) {
    return DIALECTS.azure;
  }
  if (/^ark\..*\.(?:volces|bytepluses)\.com$/.test(hostname)) return DIALECTS.ark;
  return port === '11434' ? DIALECTS.ollama : DIALECTS.generic;
}
