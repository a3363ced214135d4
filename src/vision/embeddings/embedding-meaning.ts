/**
 * How alike two reasonings are by the cosine of their sentence embeddings. Unlike the lexical measure it knows
 * paraphrase; its numbers are only comparable for one model.
 */
import type { MeaningMeasure } from '../../grounding/grounding.ts';
import { dotProduct } from './embedder.ts';
import type { Embedder } from './embedder.ts';

/** max(0, cosine): texts that are more unlike than unrelated ones are not told apart. 1 for equal texts. */
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
