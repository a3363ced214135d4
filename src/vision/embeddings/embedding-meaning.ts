/**
 * Measures the similarity of two reasonings as the cosine of their sentence embeddings. Unlike the lexical measure, it
 * recognizes paraphrases. Values from different embedding models cannot be compared.
 */
import type { MeaningMeasure } from '../../grounding/grounding.ts';
import { dotProduct } from './embedder.ts';
import type { Embedder } from './embedder.ts';

/** The similarity is max(0, cosine), because a negative cosine only means "unrelated". Equal texts get 1. */
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
