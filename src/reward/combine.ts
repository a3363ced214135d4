/**
 * The total reward r = Σ λ_k R_k. A row with an unscored component has no total, because counting the missing part as 0
 * would teach the model that the row was bad.
 */
import { scored, type Score, unscored } from '../core/score.ts';
import { inRewardOrder, rewardNames } from './registry.ts';
import type { Reward, RewardDetail } from './reward.ts';
import type { RewardWeights } from './reward-definition.ts';

/** Returns the reason why the weights are invalid, or undefined for valid weights. */
export function weightsProblem(weights: Readonly<Record<string, number | undefined>>): string | undefined {
  const entries = Object.entries(weights).flatMap(([name, weight]) => (weight === undefined ? [] : [{ name, weight }]));
  const unknown = entries.find(({ name }) => !rewardNames().includes(name));
  if (unknown !== undefined) return `unknown reward "${unknown.name}"; the rewards are ${rewardNames().join(', ')}`;
  const wrong = entries.find(({ weight }) => !(Number.isFinite(weight) && weight >= 0));
  if (wrong !== undefined) return `the weight of ${wrong.name} is ${wrong.weight}; weights must be 0 or more`;
  return entries.some(({ weight }) => weight > 0) ? undefined : 'no reward has a weight above 0';
}

/** The paper states no weights, and its released code has several sets. The command lines of that code use `script`. */
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

/** The weighted sum, or unscored with the reasons of all missing components; temporary if all these are temporary. */
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

/** Scores every component with a non-zero weight, in parallel, and adds up the weighted values of each row. */
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
