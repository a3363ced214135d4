/**
 * Collects annotators' reasoning texts and judgements of localizability, from which pairs.ts makes training pairs. Also
 * finds the photos on which annotators agree. Unreadable answers are counted and dropped.
 */
import type { Place } from '../../core/place.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import { annotationsOf, type Annotator } from '../annotations.ts';
import type { TrainingExample } from '../training-example.ts';

export type JudgedReasoning = {
  readonly example: TrainingExample;
  readonly annotator: string;
  readonly reasoning: string;
  readonly localizable: boolean;
  /** The place that the annotator named, in the annotator's words. */
  readonly place?: Place;
};

export type Annotators = readonly Annotator[];

export async function judgedReasonings(
  examples: readonly TrainingExample[],
  annotators: Annotators,
  options: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ readonly judged: JudgedReasoning[]; readonly unreadable: number }> {
  const judged: JudgedReasoning[] = [];
  let unreadable = 0;
  for (const example of examples) {
    for (const annotator of annotators) {
      const answers = await annotationsOf(example, annotator, options);
      unreadable += answers.unreadable;
      for (const annotation of answers.annotations) {
        judged.push({ ...annotation, example, annotator: annotator.model.name });
      }
    }
  }
  return { judged, unreadable };
}

/**
 * Selects the photos whose annotators agree on localizability and, for localizable photos, on the country. Judgements
 * on which annotators disagree would be noisy labels.
 */
export function undisputed(judged: readonly JudgedReasoning[], gazetteer: Gazetteer): JudgedReasoning[] {
  return [...Map.groupBy(judged, ({ example }) => example.id).values()].flatMap((ofPhoto) =>
    new Set(ofPhoto.map(({ annotator }) => annotator)).size > 1 && agree(ofPhoto, gazetteer) ? ofPhoto : [],
  );
}

function agree([first, ...others]: readonly JudgedReasoning[], gazetteer: Gazetteer): boolean {
  return others.every(
    ({ localizable, place }) =>
      localizable === first!.localizable &&
      (!localizable ||
        (place !== undefined && first!.place !== undefined && gazetteer.match(place, first!.place).country)),
  );
}
