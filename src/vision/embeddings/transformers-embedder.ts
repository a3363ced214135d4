/**
 * Computes sentence embeddings in this process, with an ONNX encoder in the Hugging Face layout. The embedding is the
 * mean over the tokens, scaled to unit length, as in sentence-transformers for all-MiniLM-L6-v2. A text above the
 * model's limit is split. Its embedding is then the mean of the embeddings of its parts, weighted by the number of
 * tokens in each part (our choice).
 */
import type { FeatureExtractionPipeline } from '@huggingface/transformers';
import PQueue from 'p-queue';
import { loadLocalModel } from '../transformers/local-files.ts';
import type { LocalModelOptions } from '../transformers/local-model-options.ts';
import { unitVector } from './embedder.ts';
import type { Embedder } from './embedder.ts';

export type TransformersEmbedderOptions = LocalModelOptions & {
  /**
   * Maximum number of tokens per part, including special tokens. The default is 256, and the tokenizer's limit always
   * applies.
   */
  readonly maxTokens?: number;
};

/** all-MiniLM-L6-v2 was trained on texts of at most 256 tokens, although its tokenizer allows 512. */
const DEFAULT_MAX_TOKENS = 256;

/** Opens a Hugging Face repository, or a local folder with the same layout. Throws `not-found` if files are missing. */
export async function openTransformersEmbedder(
  source: string,
  options: TransformersEmbedderOptions,
): Promise<Embedder & AsyncDisposable> {
  const extract = await loadLocalModel(source, options, async (library, where, files) =>
    library.pipeline('feature-extraction', where, files),
  );
  const limit = Math.min(options.maxTokens ?? DEFAULT_MAX_TOKENS, extract.tokenizer.model_max_length);
  const queue = new PQueue({ concurrency: 1 });
  return {
    name: `transformers:${source}`,
    embed: async (texts, { signal }) =>
      Promise.all(
        texts.map(async (text) => queue.add(async () => embedText(extract, { text, limit, signal }), { signal })),
      ),
    [Symbol.asyncDispose]: async () => {
      await extract.dispose();
    },
  };
}

async function embedText(
  extract: FeatureExtractionPipeline,
  { text, limit, signal }: { text: string; limit: number; signal: AbortSignal },
): Promise<Float32Array> {
  const mean: number[] = [];
  for (const { part, tokens } of parts(extract, text, limit)) {
    signal.throwIfAborted();
    const { data } = await extract(part, { pooling: 'mean', normalize: false });
    for (let i = 0; i < data.length; i++) mean[i] = (mean[i] ?? 0) + (data[i] as number) * tokens;
  }
  return unitVector(mean);
}

/** Splits the text into parts of at most `limit` tokens, between words if possible. */
function parts(extract: FeatureExtractionPipeline, text: string, limit: number): { part: string; tokens: number }[] {
  const count = (part: string): number => extract.tokenizer.encode(part).length;
  const whole = count(text);
  if (whole <= limit) return [{ part: text, tokens: whole }];
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 1) return halves(text).flatMap((half) => parts(extract, half, limit));
  const middle = Math.ceil(words.length / 2);
  return [words.slice(0, middle), words.slice(middle)].flatMap((half) => parts(extract, half.join(' '), limit));
}

/** Halves a single word that exceeds the limit. */
const halves = (word: string): [string, string] => [
  word.slice(0, Math.ceil(word.length / 2)),
  word.slice(Math.ceil(word.length / 2)),
];
