/**
 * What the reward model's pairs are made of: annotators' reasonings with their own judgement, and which of them the
 * annotators agree on. An answer that cannot be read is no reasoning, and is counted.
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
  /** The place that the reasoning ends at, in its own words. */
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
      const answered = await annotationsOf(example, annotator, options);
      unreadable += answered.unreadable;
      for (const annotation of answered.annotations) {
        judged.push({ ...annotation, example, annotator: annotator.model.name });
      }
    }
  }
  return { judged, unreadable };
}

/**
 * The reasonings of photos that all annotators judge alike, and, where they call the photo localizable, place in the
 * same country: a judgement that another annotator disputes is as likely wrong as right, and teaches noise.
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
