/**
 * One photo through the pipeline: each gate's questions are answered, then it judges, and the first gate that drops the
 * photo ends the way, so that nothing is asked about what is already dropped. Given the answers, the outcome is a pure
 * function; the same code decides while asking and when a log is replayed.
 */
import type { Place } from '../../core/place.ts';
import { annotatorsFor, gatesOf } from '../recipe/modes.ts';
import { keyOf } from '../observe/observation.ts';
import type { Observation, Observations, Question } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import type { Bench, Subject, Verdict } from '../gates/gate.ts';

export type Judgement = {
  /** Of every gate that was reached, in order; a last one that is not passed dropped the photo. */
  readonly verdicts: readonly Verdict[];
  /** The photo's own place; absent where it is not known. */
  readonly truth?: Place;
  /** The annotator whose reasoning the row takes; absent for a dropped photo. */
  readonly chosen?: string;
};

/** Sees to it that the observations hold an answer to every question. */
export type Answer = (questions: readonly Question[]) => Promise<void>;

export type JudgeOptions = Bench & { readonly observations: Observations; readonly answer: Answer };

const IMAGE: Question = { kind: 'image' };

export async function judge(photo: Photo, { observations, answer, ...bench }: JudgeOptions): Promise<Judgement> {
  await answer([IMAGE]);
  const image = observations.get(keyOf(IMAGE)) as Observation;
  if (image.kind === 'unreadable') {
    return { verdicts: [{ gate: 'image', passed: false, reason: image.reason, cause: 'unreadable image' }] };
  }
  const truth = truePlace(photo, bench);
  if (truth === undefined) {
    const reason = 'no city is known within 100 km of its position';
    return { verdicts: [{ gate: 'place', passed: false, reason, cause: 'no city near' }] };
  }
  const annotators = annotatorsFor(bench.recipe, photo.id);
  const subject: Subject = { ...bench, photo, truth, annotators, observations };
  let candidates = annotators;
  const verdicts: Verdict[] = [];
  for (const gate of gatesOf(bench.recipe)) {
    await answer(gate.questions(subject, candidates));
    const result = gate.judge(subject, candidates);
    verdicts.push(result.verdict);
    if (!result.verdict.passed) return { verdicts, truth };
    candidates = result.candidates;
  }
  return { verdicts, truth, chosen: candidates[0]! };
}

/** As the table names it, or the nearest city. Rows without a city are of no use: the dataset's task asks for one. */
function truePlace({ place, coordinate }: Photo, { gazetteer }: Bench): Place | undefined {
  if (place?.city !== undefined) return place;
  const near = gazetteer.reverse(coordinate);
  if (near?.city === undefined) return undefined;
  return place === undefined ? near : { ...near, country: place.country };
}
