/** Scores the labelled reasoning texts about real photos in each mode of the visual reward. */
import { claimScore } from '../../src/grounding/claim-score.ts';
import type { Grounder } from '../../src/grounding/grounding.ts';
import { referenceVisual } from '../../src/reward/reference-rewards.ts';
import type { Reward } from '../../src/reward/reward.ts';
import { visualGrounding } from '../../src/reward/visual-grounding.ts';
import type { Scores } from './compare.ts';
import { type Judge, verdictOf } from './judges.ts';
import { byKind, evidenceOf, isShown, type Kind, KINDS, type LabelledPhoto } from './labelled.ts';

export const SEEDS = 20;

export type VerifiedOptions = {
  readonly grounder: Grounder;
  readonly judge: Judge;
  /** Whether claims come from the evidence or are extracted from the prose. */
  readonly from: 'evidence' | 'prose';
};

/** Returns the scores in mode `verified`, with one entry for each photo and seed. */
export function verifiedScores(photos: readonly LabelledPhoto[], { grounder, judge, from }: VerifiedOptions): Scores[] {
  return Array.from({ length: SEEDS }, (_, seed) =>
    photos.map((photo) =>
      byKind((kind) => {
        const labelled = photo.reasonings[kind];
        const claims = from === 'evidence' ? evidenceOf(photo, kind) : grounder.claims(labelled.text);
        const verdicts = claims.map((claim) =>
          verdictOf(claim, { judge, isTrue: isShown(claim, labelled), seed: `${seed}:${photo.photo}` }),
        );
        return claimScore(claims, verdicts).value;
      }),
    ),
  ).flat();
}

/**
 * Returns the scores in the modes `paper` and `reference`. The photo's elements are the ADE20K classes that a person
 * sees in it.
 */
export async function modeScores(
  photos: readonly LabelledPhoto[],
  { grounder, mode }: { readonly grounder: Grounder; readonly mode: 'paper' | 'reference' },
): Promise<Scores[]> {
  const reward = mode === 'paper' ? visualGrounding(grounder) : referenceVisual();
  return Promise.all(
    photos.map((photo) =>
      rewardScores(reward, {
        elements: photo.elements,
        textOf: (kind) => photo.reasonings[kind].text,
        country: photo.place.country,
      }),
    ),
  );
}

/** Scores the five reasoning texts about a photo with a reward. */
export async function rewardScores(
  reward: Reward,
  {
    elements,
    textOf,
    country,
  }: { readonly elements: readonly string[]; readonly textOf: (kind: Kind) => string; readonly country: string },
): Promise<Scores> {
  const rows = KINDS.map((kind) => ({
    id: kind,
    completion: `<think>${textOf(kind)}</think><answer>country: ${country}</answer>`,
    truth: { country },
    elements: elements.map((label) => ({ label, share: 0.1 })),
    entityTags: elements,
  }));
  const scored = await reward.score(rows, { signal: new AbortController().signal });
  return byKind((kind) => {
    const score = scored[KINDS.indexOf(kind)]!;
    if (score.kind === 'unscored') throw new Error(`${reward.name} left "${kind}" unscored: ${score.reason}`);
    return score.value;
  });
}
