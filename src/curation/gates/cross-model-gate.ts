/**
 * Gate 3 of the paper: keeps photos for which the annotators agree on the place and on the reasons. It compares all
 * annotators of the mode, including annotators that the correctness gate found wrong. Reasoning texts are compared only
 * if the places agree, because comparing their meaning costs more.
 */
import { placeText } from '../../core/place-text.ts';
import type { Question } from '../observe/observation.ts';
import { annotationOf, observed, verdict } from './gate.ts';
import type { Gate, GateResult, Subject } from './gate.ts';
import { placesAgree } from './place-agreement.ts';

export const crossModelGate: Gate = {
  name: 'cross-model',
  questions: (subject) => (disagreement(subject) === undefined ? similarities(subject) : []),
  decide: (subject, candidates) => {
    const { minSimilarity } = subject.recipe.gates.crossModel;
    const apart = placedApart(subject);
    if (apart !== undefined) return apart;
    const values = similarities(subject).map(
      (question) => observed(subject.observations, question, 'similarity')!.value,
    );
    const least = Math.min(...values);
    if (least < minSimilarity) {
      const reason = `the reasonings have similarity ${least.toFixed(2)}, below ${minSimilarity}`;
      const cause = 'the reasonings mean different things';
      return verdict('cross-model', { passed: false, cause, reason, score: least, candidates: [] });
    }
    const reason = 'the models agree on the place and on the reasons';
    return verdict('cross-model', { passed: true, reason, score: least, candidates });
  },
};

/** Returns the gate's result if two of the subject's annotators disagree on the place, otherwise undefined. */
export function placedApart(subject: Subject): GateResult | undefined {
  const reason = disagreement(subject);
  if (reason === undefined) return undefined;
  return verdict('cross-model', { passed: false, cause: 'the models place it apart', reason, candidates: [] });
}

function pairs({ annotators }: Subject): [string, string][] {
  return annotators.flatMap((a, i) => annotators.slice(i + 1).map((b): [string, string] => [a, b]));
}

const similarities = (subject: Subject): Extract<Question, { kind: 'similarity' }>[] =>
  pairs(subject).map(([a, b]) => ({ kind: 'similarity', a, b }));

/** Describes the first pair of annotators that disagree on the place. Returns undefined if all agree. */
function disagreement(subject: Subject): string | undefined {
  const { level, maxDistanceKm } = subject.recipe.gates.crossModel;
  for (const [a, b] of pairs(subject)) {
    const [first, second] = [annotationOf(subject, a).place!, annotationOf(subject, b).place!];
    const options = { gazetteer: subject.gazetteer, level, maxDistanceKm };
    if (placesAgree({ place: first }, { place: second }, options).agrees) continue;
    return `${a} says ${placeText(first)}, ${b} says ${placeText(second)}`;
  }
  return undefined;
}
