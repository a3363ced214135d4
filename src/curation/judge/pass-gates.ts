/**
 * Runs one photo through the gates. Each gate gets answers to its questions, then decides. After the first gate that
 * drops the photo, no further questions are asked, because answers cost money. The outcome depends only on the answers,
 * so the same code also replays a log.
 *
 * This folder decides what happens to each photo: the gates, then the selection over all photos (select.ts), then the
 * counts of both (funnel.ts, gate-quality.ts).
 */
import type { Place } from '../../core/place.ts';
import { annotatorsFor, gatesOf } from '../gates/modes.ts';
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
  /** The annotator whose reasoning the row uses; absent if the photo was dropped. */
  readonly chosen?: string;
};

export type DecidedPhoto = GateOutcome & { readonly photo: Photo; readonly observations: Observations };

/** Answers all questions and adds the answers to the observations. */
export type Answer = (questions: readonly Question[]) => Promise<void>;

export type PassGatesOptions = GateInputs & { readonly observations: Observations; readonly answer: Answer };

const IMAGE: Question = { kind: 'image' };

export async function passGates(
  photo: Photo,
  { observations, answer, ...inputs }: PassGatesOptions,
): Promise<GateOutcome> {
  await answer([IMAGE]);
  const image = observations.get(keyOf(IMAGE)) as Observation;
  if (image.kind === 'unreadable') {
    return { verdicts: [{ gate: 'image', passed: false, reason: image.reason, cause: 'unreadable image' }] };
  }
  const truth = truePlace(photo, inputs);
  if (truth === undefined) {
    const reason = 'the gazetteer has no city within 100 km of the photo';
    return { verdicts: [{ gate: 'place', passed: false, reason, cause: 'no city near' }] };
  }
  const annotators = annotatorsFor(inputs.recipe, photo.id);
  const subject: Subject = { ...inputs, photo, truth, annotators, observations };
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

/**
 * Returns the table's place if it has a city, otherwise the nearest city. Every row needs a city, because the prompt
 * asks for one.
 */
function truePlace({ place, coordinate }: Photo, { gazetteer }: GateInputs): Place | undefined {
  if (place?.city !== undefined) return place;
  const near = gazetteer.reverse(coordinate);
  if (near?.city === undefined) return undefined;
  return place === undefined ? near : { ...near, country: place.country };
}
