/** Opens the corpora that a recipe names for pretraining on a generated world. */
import { z } from 'zod';
import { invalidInput } from '../../core/errors.ts';
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import type { Corpus, CorpusSpec } from '../../training/corpus.ts';
import { PROFILES } from '../annotators/profile.ts';
import type { World } from '../world.ts';
import { descriptions } from './descriptions.ts';
import { locating } from './locating.ts';
import { puzzles } from './puzzles.ts';

const share = z.number().min(0).max(1);
const count = z.int().positive();
const annotators = z.array(z.enum(Object.keys(PROFILES) as [keyof typeof PROFILES])).min(1);

const corpusKinds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('descriptions'), annotators, samples: count.default(1) }),
  z.strictObject({ kind: z.literal('puzzles'), count, wrong: share.default(0), open: share.default(0) }),
  z
    .strictObject({ kind: z.literal('locating'), annotators, share, answerFirst: share, evidenceFirst: share })
    .refine(({ answerFirst, evidenceFirst }) => answerFirst + evidenceFirst <= 1, {
      error: 'the shares answerFirst and evidenceFirst exceed 1 together: lower one',
    }),
]);

/** Opens the corpora. Throws `invalid-input` for an unknown kind or invalid fields, with the field's name. */
export function openCorpora(
  specs: readonly CorpusSpec[],
  { world, prompt }: { readonly world: World; readonly prompt: PromptForm },
): Corpus[] {
  return specs.map((spec) => {
    const parsed = corpusKinds.safeParse(spec);
    if (!parsed.success) throw invalidInput(`Invalid corpus in the recipe: ${z.prettifyError(parsed.error)}`);
    const corpus = parsed.data;
    if (corpus.kind === 'puzzles') return puzzles(corpus);
    const profiles = corpus.annotators.map((name) => PROFILES[name]);
    return corpus.kind === 'descriptions'
      ? descriptions({ ...corpus, world, profiles })
      : locating({ ...corpus, world, profiles, prompt });
  });
}
