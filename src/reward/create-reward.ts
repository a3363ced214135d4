/** Creates the rewards that have a weight, and their weighted sum. */
import { invalidInput } from '../core/errors.ts';
import { type CombinedReward, combinedReward, weightsProblem } from './combine.ts';
import { rewardDefinitions } from './registry.ts';
import type { RewardOptions } from './reward-definition.ts';

/**
 * Creates the total reward. Throws `invalid-input` if the weights are invalid, or if a reward with a weight lacks an
 * option that it requires.
 *
 * @example
 * const reward = createReward({ mode: 'paper', weights: { accuracy: 1, format: 1 }, gazetteer, grounder });
 * const [row] = await reward.score([{ id: 'a', completion, truth: { country: 'Finland', city: 'Helsinki' } }], { signal });
 * if (row.total.kind === 'scored') console.log(row.total.value);
 */
export function createReward(options: RewardOptions): CombinedReward {
  const { weights } = options;
  const problem = weightsProblem(weights);
  if (problem !== undefined) throw invalidInput(`Invalid reward weights: ${problem}.`, 'Correct the weights.');
  const used = rewardDefinitions().filter(({ name }) => (weights[name] ?? 0) !== 0);
  return combinedReward(Object.fromEntries(used.map(({ name, create }) => [name, create(options)])), weights);
}
