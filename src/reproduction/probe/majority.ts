/** Finds the most frequent position among the answers to one photo. */
import type { MeasuredOutcome } from '../../evaluation/outcome.ts';

/**
 * Groups the answers by position, and returns an answer of the largest group. If several groups are equally large, the
 * group whose first answer comes earliest wins. Answers without a position do not count. Returns undefined if no answer
 * has a position.
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
