/**
 * Requires that a reasoning text argues for its annotator's own answer, is in the requested language, and relies on
 * what the photo shows. A model can give the right answer with a wrong reasoning text, and the model trained on that
 * row would learn the wrong text. An inconsistent annotator is no longer a candidate. If no candidate is left, the
 * photo is dropped. This gate is our addition to the paper's four gates.
 */
import { placeText } from '../../core/place-text.ts';
import { arguedPlace } from './argued-place.ts';
import { annotationOf, verdict } from './gate.ts';
import type { Gate, Subject } from './gate.ts';
import { placesAgree } from './place-agreement.ts';
import { reasoningFault, type ReasoningFault } from './reasoning-faults.ts';

export const consistencyGate: Gate = {
  name: 'consistency',
  questions: () => [],
  decide: (subject, candidates) => {
    const judged = candidates.map((name) => ({ name, fault: faultOf(subject, name) }));
    const consistent = judged.flatMap(({ name, fault }) => (fault === undefined ? [name] : []));
    const faults = judged.flatMap(({ name, fault }) => (fault === undefined ? [] : [{ name, ...fault }]));
    const reason = faults.map((fault) => `the reasoning of ${fault.name} ${fault.reason}`).join('; ');
    if (consistent.length === 0) {
      const { cause } = faults[0]!;
      return verdict('consistency', { passed: false, cause, reason, candidates: [] });
    }
    return verdict('consistency', {
      passed: true,
      reason: faults.length === 0 ? 'every reasoning argues for its answer' : reason,
      candidates: consistent,
    });
  },
};

function faultOf(subject: Subject, name: string): ReasoningFault | undefined {
  const { gazetteer, grounder, recipe } = subject;
  const { reasoning, place, evidence = [] } = annotationOf(subject, name);
  const things = evidence.length + grounder.entities(reasoning).length;
  const fault = reasoningFault(reasoning, { things, language: recipe.gates.consistency!.language });
  if (fault !== undefined || place === undefined) return fault;
  const argued = arguedPlace(reasoning, gazetteer);
  if (argued === undefined) return undefined;
  const level = argued.city === undefined || place.city === undefined ? 'country' : 'city';
  const { maxDistanceKm } = recipe.gates.correctness;
  if (placesAgree({ place: argued }, { place }, { gazetteer, level, maxDistanceKm }).agrees) return undefined;
  return {
    cause: 'the reasoning argues for another place',
    reason: `argues for ${placeText(argued)}, and the answer is ${placeText(place)}`,
  };
}
