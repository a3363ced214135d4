/**
 * The vision-language models of the paper's Table 2, including the authors' own models: their names and how to serve
 * them. A field is absent if the fact is not public or not known to us. The other methods in Table 2 cannot be served
 * as vision-language models, so users import their predictions.
 */
import type { DialectName } from './openai-compatible/dialects.ts';

export type Preset = {
  /** Name of the model's row in Table 2. */
  readonly row: string;
  /** Value of `model` in requests. For open weights, it is the Hugging Face repository. */
  readonly model?: string;
  readonly dialect: DialectName;
  /** Base URL of the hosted service; absent if users serve the model themselves. */
  readonly baseUrl?: string;
  /** Shell command that serves the model on port 8000. */
  readonly serve?: string;
  /** What users must know before they rely on results of this preset. */
  readonly note?: string;
  /** Inference settings: those of the authors if they are published, otherwise ours. */
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly system?: string;
};

/** Returns the command that serves a model with vLLM. The context is long enough for one image and the reasoning. */
const vllm = (model: string, flags = ''): string => `vllm serve ${model} --max-model-len 8192${flags}`;

const open = (row: string, model: string, flags = ''): Preset => ({
  row,
  model,
  dialect: 'vllm',
  serve: vllm(model, flags),
});

/** Settings from the authors' published inference script. */
const GLOBE_INFERENCE = { temperature: 0.6, maxTokens: 512, system: 'You are a helpful assistant.' } as const;

export const PRESETS: Readonly<Record<string, Preset>> = {
  'globe-qwen2.5-vl-7b': {
    ...open('GLOBE-7B', 'globe-project/GLOBE-Qwen2.5VL-7B', ' --trust-remote-code'),
    ...GLOBE_INFERENCE,
  },
  'globe-internvl3-8b': {
    ...open('GLOBE (InternVL3-8B)', 'globe-project/GLOBE-InternVL3-8B', ' --trust-remote-code'),
    ...GLOBE_INFERENCE,
  },
  'qwen2.5-vl-7b': open('Qwen2.5-VL-7B', 'Qwen/Qwen2.5-VL-7B-Instruct'),
  'qwen2.5-vl-72b': open('Qwen2.5-VL-72B', 'Qwen/Qwen2.5-VL-72B-Instruct', ' --tensor-parallel-size 4'),
  'internvl3-8b': open('InternVL3-8B', 'OpenGVLab/InternVL3-8B', ' --trust-remote-code'),
  'internvl3-78b': open('InternVL3-78B', 'OpenGVLab/InternVL3-78B', ' --trust-remote-code --tensor-parallel-size 4'),
  'gemma3-27b': open('Gemma3-27B', 'google/gemma-3-27b-it'),
  'gpt-4.1': { row: 'GPT-4.1', model: 'gpt-4.1', dialect: 'openai', baseUrl: 'https://api.openai.com/v1' },
  'doubao-1.5-vl': {
    row: 'Doubao1.5-VL',
    dialect: 'ark',
    baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
    note: 'The paper does not say which snapshot it used: name the model id or your endpoint (ep-…) with --model-id.',
  },
  'georeasoner-7b': {
    row: 'GeoReasoner-7B',
    dialect: 'generic',
    note: 'Serve the authors’ checkpoint with any OpenAI-compatible server, and add --base-url and --model-id.',
  },
  gaga: {
    row: 'GaGA',
    dialect: 'generic',
    note: 'Not public according to the paper: import its predictions with `globe score`, or add --base-url and --model-id.',
  },
};
