/**
 * Corpora for pretraining an embedded base model, which replace the broad data of ordinary vision-language pretraining.
 * A corpus has texts with or without a photo, each with its own prompt.
 */
import { z } from 'zod';
import type { SftItem } from './sft-step.ts';
import type { TrainingExample } from './training-example.ts';

export interface Corpus {
  /** Name of the corpus in log and error messages. */
  readonly name: string;
  /**
   * Returns the items of the corpus. Photos for the items are taken from `photos`. The same seed gives the same items.
   */
  items(photos: readonly TrainingExample[], options: { readonly seed: number }): readonly SftItem[];
}

/**
 * A corpus in a recipe. `kind` selects the corpus; the code that creates this kind of corpus checks all other fields.
 */
export const corpusSchema = z.looseObject({ kind: z.string() });

export type CorpusSpec = z.infer<typeof corpusSchema>;
