/**
 * Similarity of two reasonings as the cosine of their sentence embeddings. Unlike the lexical measure it recognizes
 * paraphrases; its values are comparable only for one model.
 */
import type { MeaningMeasure } from '../../grounding/grounding.ts';
import { dotProduct } from './embedder.ts';
import type { Embedder } from './embedder.ts';

/** max(0, cosine), because negative cosines mean no more than "unrelated". 1 for equal texts. */
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
