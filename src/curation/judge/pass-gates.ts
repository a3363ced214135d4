/**
 * Takes one photo through the gates: each gate's questions are answered, then it decides. The first gate that drops the
 * photo ends the process, so no more questions are paid for. The outcome depends only on the answers, so the same code
 * runs for new questions and for a replayed log.
 * This group decides what becomes of each photo: gates, then selection over all photos (select.ts), then the counts of both
 * (funnel.ts, gate-quality.ts).
 */
import type { Place } from '../../core/place.ts';
import { annotatorsFor, gatesOf } from '../gates/modes.ts';
import { keyOf } from '../observe/observation.ts';
import type { Observation, Observations, Question } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import type { GateInputs, Subject, Verdict } from '../gates/gate.ts';

export type GateOutcome = {
  /** The verdict of each gate that the photo reached, in order. A photo is dropped if the last verdict is negative. */
  readonly verdicts: readonly Verdict[];
  /** The photo's own place; absent if unknown. */
  readonly truth?: Place;
  /** The annotator whose reasoning the row uses; absent for a dropped photo. */
  readonly chosen?: string;
};

export type DecidedPhoto = GateOutcome & { readonly photo: Photo; readonly observations: Observations };

/** Answers all questions, and adds the answers to the observations. */
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
    const reason = 'no city is known within 100 km of its position';
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

/** The table's place if it has a city, otherwise the nearest city. Every row needs a city: the task asks for one. */
function truePlace({ place, coordinate }: Photo, { gazetteer }: GateInputs): Place | undefined {
  if (place?.city !== undefined) return place;
  const near = gazetteer.reverse(coordinate);
  if (near?.city === undefined) return undefined;
  return place === undefined ? near : { ...near, country: place.country };
}
