/**
 * Sentence embeddings from any server with OpenAI's /embeddings endpoint (vLLM, llama.cpp, TEI, Ollama, OpenAI). This
 * module never shortens texts. The server may reject texts that are too long.
 */
import { z } from 'zod';
import { GlobeError } from '../../core/errors.ts';
import { dialectOf } from '../openai-compatible/dialects.ts';
import type { Dialect } from '../openai-compatible/dialects.ts';
import { openEndpoint, serverName } from '../openai-compatible/transport.ts';
import type { TransportOptions } from '../openai-compatible/transport.ts';
import { unitVector } from './embedder.ts';
import type { Embedder } from './embedder.ts';

export type OpenAIEmbedderOptions = TransportOptions & {
  readonly model: string;
  /** The model's name in results. The default is BASE_URL#MODEL without credentials. */
  readonly name?: string;
  /** The server's dialect. The default depends on the address. */
  readonly dialect?: Dialect;
};

/** Maximum number of texts per request. */
const BATCH_TEXTS = 64;

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
});

export async function openOpenAIEmbedder(options: OpenAIEmbedderOptions): Promise<Embedder> {
  const { model, dialect = dialectOf(options.baseUrl) } = options;
  const send = await openEndpoint(options, dialect, { path: '/embeddings', read: readAnswer });
  const name = options.name ?? `${serverName(options.baseUrl)}#${model}`;

  async function embedBatch(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const body = [Buffer.from(JSON.stringify({ model, input: texts, encoding_format: 'float' }))];
    const vectors = await send(body, signal);
    const sizes = new Set(vectors.values().map(({ length }) => length));
    if (vectors.size === texts.length && sizes.size === 1) return texts.map((_, i) => unitVector(vectors.get(i)!));
    throw new GlobeError({
      code: 'service',
      message: `${name} returned ${vectors.size} embeddings of ${sizes.size} sizes for ${texts.length} texts.`,
      hint: 'Check that the server runs an embedding model.',
    });
  }

  return {
    name,
    embed: async (texts, { signal }) => {
      const batches: Promise<Float32Array[]>[] = [];
      for (let start = 0; start < texts.length; start += BATCH_TEXTS) {
        batches.push(embedBatch(texts.slice(start, start + BATCH_TEXTS), signal));
      }
      return (await Promise.all(batches)).flat();
    },
  };
}

/** Maps the index of each text to its embedding, because servers may return embeddings in another order. */
function readAnswer(answer: unknown): Map<number, readonly number[]> {
  const parsed = answerSchema.safeParse(answer);
  if (parsed.success) return new Map(parsed.data.data.map(({ index, embedding }) => [index, embedding]));
  throw new GlobeError({
    code: 'service',
    message: `The answer contains no embeddings: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    hint: 'Check that the server runs an embedding model and answers with lists of numbers.',
    retryable: true,
  });
}
