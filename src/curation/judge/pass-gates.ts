/**
 * Passes a photo through the gates. Each gate gets answers to its questions, then decides. After a gate drops the
 * photo, no more questions are asked, because answers cost money. With `order: price`, cheap questions are asked before
 * the gates decide (gates/early-drop.ts). The outcome depends only on the answers, so the same code can also replay a
 * log of answers. This folder decides what happens to each photo: first the gates, then the selection over all photos
 * (select.ts). It also counts the results (funnel.ts, gate-quality.ts).
 */
import type { Place } from '../../core/place.ts';
import { earlySteps } from '../gates/early-drop.ts';
import type { Hashed } from './hash-store.ts';
import { annotatorsFor, gatesOf } from '../gates/modes.ts';
import { qualityDrop } from '../gates/quality-gate.ts';
import { keyOf } from '../observe/observation.ts';
import type { Observation, Observations, Question } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import type { GateInputs, Subject, Verdict } from '../gates/gate.ts';

export type GateOutcome = {
  /**
   * The verdicts of the gates that the photo reached, in order. If the last verdict is negative, the photo is dropped.
   */
  readonly verdicts: readonly Verdict[];
  /** The true place; absent if unknown. */
  readonly truth?: Place;
  /** The annotator whose reasoning text the row uses. Absent if the photo was dropped. */
  readonly chosen?: string;
};

export type DecidedPhoto = GateOutcome & { readonly photo: Photo; readonly observations: Observations };

/** Gets the answers to all questions, and adds them to the observations. */
export type Answer = (questions: readonly Question[]) => Promise<void>;

export type PassGatesOptions = GateInputs & {
  readonly observations: Observations;
  readonly answer: Answer;
  /** Returns the id of an earlier photo that passed and that this photo nearly repeats. Absent if all are asked about. */
  readonly earlierDuplicate?: (photo: Photo, image: Hashed) => Promise<string | undefined>;
};

const IMAGE: Question = { kind: 'image' };

export async function passGates(
  photo: Photo,
  { observations, answer, earlierDuplicate, ...inputs }: PassGatesOptions,
): Promise<GateOutcome> {
  await answer([IMAGE]);
  const image = observations.get(keyOf(IMAGE)) as Observation;
  if (image.kind === 'unreadable') {
    return { verdicts: [{ gate: 'image', passed: false, reason: image.reason, cause: 'unreadable image' }] };
  }
  if (image.kind !== 'image') throw new Error(`The answer to the question image is a ${image.kind}.`);
  const poor = qualityDrop(image, inputs.recipe.gates.quality);
  if (poor !== undefined) return { verdicts: [poor] };
  const truth = truePlace(photo, inputs);
  if (truth === undefined) {
    const reason = 'the gazetteer has no city within 100 km of the photo';
    return { verdicts: [{ gate: 'place', passed: false, reason, cause: 'no city near' }] };
  }
  const earlier = await earlierDuplicate?.(photo, image);
  if (earlier !== undefined) return { verdicts: [duplicateOf(earlier)], truth };
  const annotators = annotatorsFor(inputs.recipe, photo.id);
  const subject: Subject = { ...inputs, photo, truth, annotators, observations };
  for (const step of earlySteps(inputs.recipe)) {
    await answer([step.question]);
    const dropped = step.drop(subject);
    if (dropped !== undefined) return { verdicts: [dropped], truth };
  }
  let candidates = annotators;
  const verdicts: Verdict[] = [];
  for (const gate of gatesOf(inputs.recipe)) {
    await answer(gate.questions(subject, candidates));
    const result = gate.decide(subject, candidates);
    verdicts.push(result.verdict);
    if (!result.verdict.passed) return { verdicts, truth };
    candidates = result.candidates;
  }
  return { verdicts, truth, chosen: candidates[0]! };
}

/** Returns the verdict on a photo that is a near-duplicate of photo `id`, which passed its gates. */
export function duplicateOf(id: string): Verdict {
  const cause = 'near-duplicate of one that stays';
  return { gate: 'duplicate', passed: false, reason: `near-duplicate of ${id}`, cause };
}

/**
 * Returns the place from the photo table if it has a city. Otherwise returns the city nearest to the photo's
 * coordinate. Every row needs a city, because the prompt requests one.
 */
function truePlace({ place, coordinate }: Photo, { gazetteer }: GateInputs): Place | undefined {
  if (place?.city !== undefined) return place;
  const near = gazetteer.reverse(coordinate);
  if (near?.city === undefined) return undefined;
  return place === undefined ? near : { ...near, country: place.country };
}
