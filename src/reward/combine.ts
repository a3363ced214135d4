/**
 * The total reward r = Σ λ_k R_k. A row with an unscored component has no total. If the missing component counted as 0,
 * the model would learn that its completion was bad.
 */
import { scored, type Score, unscored } from '../core/score.ts';
import { inRewardOrder, rewardNames } from './registry.ts';
import type { Reward, RewardDetail } from './reward.ts';
import type { RewardWeights } from './reward-definition.ts';

/** Explains why the weights are invalid. Returns undefined if they are valid. */
export function weightsProblem(weights: Readonly<Record<string, number | undefined>>): string | undefined {
  const entries = Object.entries(weights).flatMap(([name, weight]) => (weight === undefined ? [] : [{ name, weight }]));
  const unknown = entries.find(({ name }) => !rewardNames().includes(name));
  if (unknown !== undefined) return `unknown reward "${unknown.name}"; the rewards are ${rewardNames().join(', ')}`;
  const wrong = entries.find(({ weight }) => !(Number.isFinite(weight) && weight >= 0));
  if (wrong !== undefined) return `the weight of ${wrong.name} is ${wrong.weight}; weights must be 0 or more`;
  return entries.some(({ weight }) => weight > 0) ? undefined : 'no reward has a weight above 0';
}

/**
 * Weights from the released code, because the paper states none. `script` is the set that the released command lines
 * use.
 */
export const WEIGHT_PRESETS = {
  script: { accuracy: 1, localizability: 0.5, visual: 0.2, format: 1 },
  readme: { accuracy: 1, localizability: 0.2, visual: 0.5, format: 1 },
  'readme-two': { accuracy: 1, visual: 0.5, format: 1 },
} as const satisfies Record<string, RewardWeights>;

export type ComponentScores = Readonly<Record<string, Score<RewardDetail>>>;

export type TotalReward = {
  readonly components: ComponentScores;
  readonly total: Score<RewardDetail>;
};

/**
 * Returns the weighted sum. If components are missing, returns an unscored total with all their reasons; it is
 * temporary only if every missing component is temporary.
 */
export function totalOf(components: ComponentScores, weights: RewardWeights): Score<RewardDetail> {
  let total = 0;
  const missing: string[] = [];
  let temporary = true;
  for (const [component, weight] of Object.entries(weights)) {
    if (weight === 0) continue;
    const score = components[component];
    if (score?.kind === 'scored') {
      total += weight * score.value;
      continue;
    }
    missing.push(`${component}: ${score?.reason ?? 'no such reward is configured'}`);
    temporary &&= score?.temporary === true;
  }
  return missing.length === 0 ? scored(total) : unscored(missing.join('; '), { temporary });
}

export type CombinedReward = {
  readonly name: string;
  readonly weights: RewardWeights;
  score(batch: Parameters<Reward['score']>[0], options: { readonly signal: AbortSignal }): Promise<TotalReward[]>;
};

/** Scores every component with a non-zero weight, in parallel, and sums the weighted values of each row. */
export function combinedReward(rewards: Readonly<Record<string, Reward>>, weights: RewardWeights): CombinedReward {
  const ordered = Object.fromEntries(inRewardOrder(Object.keys(weights)).map((name) => [name, weights[name]!]));
  const used = Object.keys(ordered).filter((component) => ordered[component] !== 0 && rewards[component]);
  return {
    name: used.map((component) => `${weights[component]}·${rewards[component]!.name}`).join(' + '),
    weights,
    score: async (batch, options) => {
      const columns = await Promise.all(used.map((component) => rewards[component]!.score(batch, options)));
      return batch.map((_, row) => {
        const components = Object.fromEntries(used.map((component, k) => [component, columns[k]![row]!]));
        return { components, total: totalOf(components, ordered) };
      });
    },
  };
}
