/**
 * The total reward r = Σ λ_k R_k. A row with any unscored component has no total: counting the missing part as 0 would
 * teach the model that the row was bad.
 */
import { scored, type Score, unscored } from '../core/score.ts';
import { REWARD_COMPONENTS, type Reward, type RewardComponent, type RewardDetail } from './reward.ts';

export type RewardWeights = Readonly<Partial<Record<RewardComponent, number>>>;

/** Why these are no weights of a total; undefined for those that are. */
export function weightsProblem(weights: {
  readonly [Name in RewardComponent]?: number | undefined;
}): string | undefined {
  const given = Object.entries(weights).flatMap(([name, weight]) => (weight === undefined ? [] : [{ name, weight }]));
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

export type ComponentScores = Readonly<Partial<Record<RewardComponent, Score<RewardDetail>>>>;

export type TotalReward = {
  readonly components: ComponentScores;
  readonly total: Score<RewardDetail>;
};

/** The weighted sum, or unscored with every missing component's reason; temporary when all of them are. */
export function totalOf(components: ComponentScores, weights: RewardWeights): Score<RewardDetail> {
  let total = 0;
  const missing: string[] = [];
  let temporary = true;
  for (const component of REWARD_COMPONENTS) {
    const weight = weights[component] ?? 0;
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
export function combinedReward(
  rewards: Readonly<Partial<Record<RewardComponent, Reward>>>,
  weights: RewardWeights,
): CombinedReward {
  const used = REWARD_COMPONENTS.filter((component) => (weights[component] ?? 0) !== 0 && rewards[component]);
  return {
    name: used.map((component) => `${weights[component]}·${rewards[component]!.name}`).join(' + '),
    weights,
    score: async (batch, options) => {
      const columns = await Promise.all(used.map((component) => rewards[component]!.score(batch, options)));
      return batch.map((_, row) => {
        const components: { -readonly [Name in RewardComponent]?: Score<RewardDetail> } = {};
        for (let k = 0; k < used.length; k++) components[used[k]!] = columns[k]![row]!;
        return { components, total: totalOf(components, weights) };
      });
    },
  };
}
