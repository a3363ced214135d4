/**
 * Measures the similarity of two reasoning texts as the cosine of their sentence embeddings. Unlike the lexical
 * measure, it recognizes paraphrases. Values of different embedding models are not comparable.
 */
import type { MeaningMeasure } from '../../grounding/grounding.ts';
import { dotProduct } from './embedder.ts';
import type { Embedder } from './embedder.ts';

/**
 * Creates the measure max(0, cosine). A negative cosine becomes 0, because it also means "unrelated". Equal texts get
 * 1.
 */
export function embeddingMeaning(embedder: Embedder): MeaningMeasure {
  return {
    name: `embedding:${embedder.name}`,
    similarity: async (a, b, { signal }) => {
      signal.throwIfAborted();
      if (a === b) return 1;
      const [first, second] = await embedder.embed([a, b], { signal });
      return Math.min(1, Math.max(0, dotProduct(first!, second!)));
    },
  };
}
