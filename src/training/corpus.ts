/**
 * Corpora for pretraining an embedded base model. Corpora replace the broad data on which vision-language models are
 * usually pretrained. A corpus has texts with or without a photo, each with its own prompt.
 */
import { z } from 'zod';
import type { SftItem } from './sft-step.ts';
import type { TrainingExample } from './training-example.ts';

export interface Corpus {
  /** Name of the corpus in messages. */
  readonly name: string;
  /** Returns the items of the corpus. Items with a photo use one of `photos`. The same seed gives the same items. */
  items(photos: readonly TrainingExample[], options: { readonly seed: number }): readonly SftItem[];
}

/** A corpus in a recipe: its kind and the fields of that kind. The code that creates the corpus checks the fields. */
export const corpusSchema = z.looseObject({ kind: z.string() });

export type CorpusSpec = z.infer<typeof corpusSchema>;
