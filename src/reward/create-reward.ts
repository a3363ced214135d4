/** Builds the rewards with a weight and their sum, for training, service and benchmarks alike. */
import { invalidInput } from '../core/errors.ts';
import { type CombinedReward, combinedReward, weightsProblem } from './combine.ts';
import { rewardDefinitions } from './registry.ts';
import type { RewardOptions } from './reward-definition.ts';

/**
 * Throws `invalid-input` for invalid weights, and if a reward with a weight lacks an option that it needs.
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
