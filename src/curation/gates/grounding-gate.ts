/**
 * Gate 4 of the paper: the image must show the things that a reasoning text names. In mode `paper`, a segmentation must
 * find the things. In mode `verified`, a verifier checks the annotator's claims one by one. The gate checks every
 * candidate and puts the best grounded candidate first, so that the row uses this candidate's reasoning text.
 */
import type { VisualElement } from '../../core/visual-element.ts';
import { claimPhrase } from '../../grounding/claim.ts';
import { claimScore } from '../../grounding/claim-score.ts';
import type { EntityMatch } from '../../grounding/grounding.ts';
import { annotationOf, observed, verdict } from './gate.ts';
import type { Gate, GateResult, Subject } from './gate.ts';
import type { Recipe } from '../recipe/recipe.ts';

export const groundingGate: Gate = {
  name: 'grounding',
  questions: ({ recipe }, candidates) => [
    // In both modes, the elements are needed as a column of the dataset.
    ...(recipe.segmentation === null ? [] : [{ kind: 'elements' } as const]),
    ...(isVerified(recipe) ? candidates.map((annotator) => ({ kind: 'claims', annotator }) as const) : []),
  ],
  decide: (subject, candidates) => {
    if (isVerified(subject.recipe)) return decideByClaims(subject, candidates);
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

const isVerified = ({ gates }: Recipe): boolean => gates.grounding!.mode === 'verified';

function decideByClaims(subject: Subject, candidates: readonly string[]): GateResult {
  const { minScore, minCoverage, maxContradicted } = subject.recipe.gates.grounding!;
  const checked = candidates
    .map((name) => {
      const { claims } = observed(subject.observations, { kind: 'claims', annotator: name }, 'claims')!;
      return { name, claims, ...claimScore(claims, claims) };
    })
    .sort((a, b) => b.value - a.value);
  const passing = checked.filter(
    ({ value, coverage, contradicted }) =>
      value >= minScore && coverage >= minCoverage && contradicted <= maxContradicted,
  );
  const best = passing[0] ?? checked[0]!;
  const wrong = best.claims.filter(({ verdict }) => verdict === 'contradicted').map(claimPhrase);
  const reason = `${best.name} makes ${best.claims.length} claims: ${best.seen} seen, ${best.contradicted} contradicted, ${best.undecided} not known${wrong.length === 0 ? '' : ` (contradicted: ${wrong.join(', ')})`}`;
  if (passing.length === 0) {
    const cause =
      best.contradicted > maxContradicted
        ? 'claims what the image contradicts'
        : best.coverage < minCoverage
          ? 'too few claims can be checked'
          : 'claims too little that tells';
    return verdict('grounding', { passed: false, cause, reason, score: best.value, candidates: [] });
  }
  return verdict('grounding', { passed: true, reason, score: best.value, candidates: passing.map(({ name }) => name) });
}

/**
 * Matches the entities of an annotator's reasoning text with the elements in the image, and computes the share of
 * matched entities.
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
