/** The most frequent position among the answers to one photo. */
import type { MeasuredOutcome } from '../../evaluation/outcome.ts';

/**
 * An answer of the largest group with the same position; of equal groups, the one that was answered first. Answers
 * without a position have no vote; undefined if no answer has one.
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
