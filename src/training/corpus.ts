/**
 * Corpora for pretraining an embedded base model: texts of several kinds, with or without a photo, each with its own
 * prompt. They take the place of the broad data that vision-language models are pretrained on.
 */
import { z } from 'zod';
import type { SftItem } from './sft-step.ts';
import type { TrainingExample } from './training-example.ts';

export interface Corpus {
  /** Name in messages. */
  readonly name: string;
  /** The corpus's items; those with a photo show one of `photos`. The same seed gives the same items. */
  items(photos: readonly TrainingExample[], options: { readonly seed: number }): readonly SftItem[];
}

/** A corpus in a recipe: its kind, and the fields of that kind, which the kind's owner checks. */
export const corpusSchema = z.looseObject({ kind: z.string() });

export type CorpusSpec = z.infer<typeof corpusSchema>;
