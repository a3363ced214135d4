/**
 * Gate 4 of the paper: a segmentation model must find the things that a reasoning names. The gate checks every
 * candidate and puts the best grounded one first, so that the row uses its reasoning.
 */
import type { VisualElement } from '../../core/visual-element.ts';
import type { EntityMatch } from '../../grounding/grounding.ts';
import { annotationOf, observed, verdict } from './gate.ts';
import type { Gate, Subject } from './gate.ts';

export const groundingGate: Gate = {
  name: 'grounding',
  questions: () => [{ kind: 'elements' }],
  decide: (subject, candidates) => {
    const { minGroundedShare, minEntities } = subject.recipe.gates.grounding!;
    const grounded = candidates
      .map((name) => ({ name, ...groundingOf(subject, name) }))
      .sort((a, b) => b.share - a.share);
    const passing = grounded.filter(({ share, matches }) => share >= minGroundedShare && matches.length >= minEntities);
    const best = passing[0] ?? grounded[0]!;
    const missing = best.matches.filter(({ element }) => element === undefined).map(({ entity }) => entity.lemma);
    const summary = `${best.name} names ${best.matches.length} things`;
    const reason = missing.length === 0 ? summary : `${summary}, of which these are not seen: ${missing.join(', ')}`;
    if (passing.length === 0) {
      const cause = best.matches.length < minEntities ? 'names too few things' : 'names things that are not seen';
      return verdict('grounding', { passed: false, cause, reason, score: best.share, candidates: [] });
    }
    const names = passing.map(({ name }) => name);
    return verdict('grounding', { passed: true, reason, score: best.share, candidates: names });
  },
};

/**
 * Matches the entities of one annotator's reasoning with the elements in the image, and computes the share that match.
 */
function groundingOf(subject: Subject, annotator: string): { matches: readonly EntityMatch[]; share: number } {
  const elements = elementsOf(subject);
  const entities = subject.grounder.entities(annotationOf(subject, annotator).reasoning);
  const matches = subject.grounder.match(entities, { elements });
  const grounded = matches.filter(({ element }) => element !== undefined).length;
  return { matches, share: matches.length === 0 ? 0 : grounded / matches.length };
}

function elementsOf({ observations, recipe }: Subject): readonly VisualElement[] {
  const { minElementShare } = recipe.gates.grounding!;
  return observed(observations, { kind: 'elements' }, 'elements')!.elements.filter(
    ({ share }) => share >= minElementShare,
  );
}
