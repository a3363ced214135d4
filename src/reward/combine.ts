/**
 * The total reward r = Σ λ_k R_k. A row with any unscored component has no total: counting the missing part as 0 would
 * teach the model that the row was bad.
 */
import { scored, type Score, unscored } from '../core/score.ts';
import { inRewardOrder, rewardNames } from './registry.ts';
import type { Reward, RewardDetail } from './reward.ts';
import type { RewardWeights } from './reward-definition.ts';

/** Why these weights cannot be summed; undefined where they can. */
export function weightsProblem(weights: Readonly<Record<string, number | undefined>>): string | undefined {
  const given = Object.entries(weights).flatMap(([name, weight]) => (weight === undefined ? [] : [{ name, weight }]));
  const unknown = given.find(({ name }) => !rewardNames().includes(name));
  if (unknown !== undefined) return `there is no reward "${unknown.name}": the rewards are ${rewardNames().join(', ')}`;
  const wrong = given.find(({ weight }) => !(Number.isFinite(weight) && weight >= 0));
  if (wrong !== undefined) return `the weight of ${wrong.name} is ${wrong.weight}: weights are numbers from 0`;
  return given.some(({ weight }) => weight > 0) ? undefined : 'no reward has a weight above 0';
}

/** The paper's λ are unpublished; its release states two sets that disagree. `script` is what its command lines pass. */
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

/** The weighted sum, or unscored with every missing component's reason; temporary when all of them are. */
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

/** Scores the components that have a weight, side by side, and sums them row by row. */
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
