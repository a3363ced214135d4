/** Finds the most frequent position among the answers to one photo. */
import type { MeasuredOutcome } from '../../evaluation/outcome.ts';

/**
 * Returns an answer from the largest group of answers with the same position. Among groups of equal size, the group
 * whose first answer came earliest wins. Answers without a position have no vote. Returns undefined if no answer has a
 * position.
 */
export function majorityOf(answers: readonly MeasuredOutcome[]): MeasuredOutcome | undefined {
  const groups = Map.groupBy(
    answers.filter(({ outcome }) => outcome.kind === 'located'),
    positionKey,
  );
  let best: readonly MeasuredOutcome[] = [];
  for (const group of groups.values()) if (group.length > best.length) best = group;
  return best[0];
}

function positionKey({ outcome }: MeasuredOutcome): string {
  if (outcome.kind !== 'located') throw new RangeError('An answer without a position has no vote.');
  const { latitudeDegrees, longitudeDegrees } = outcome.coordinate;
  return `${latitudeDegrees},${longitudeDegrees}`;
}
