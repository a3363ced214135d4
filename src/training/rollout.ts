/** Samples groups of completions for a batch of examples and scores them. */
import { seedFrom } from '../core/random.ts';
import type { AnsweringBackend, Sample, SamplingParameters } from './backends/training-backend.ts';
import type { CombinedReward, TotalReward } from '../reward/combine.ts';
import type { RewardInput } from '../reward/reward.ts';
import type { TrainingExample } from './training-example.ts';

export type Rollout = {
  readonly example: TrainingExample;
  readonly promptTokens: readonly number[];
  readonly sample: Sample;
  readonly completion: string;
  readonly reward: TotalReward;
};

export type RolloutOptions = {
  readonly backend: AnsweringBackend;
  readonly reward: CombinedReward;
  readonly prompt: string;
  readonly groupSize: number;
  readonly sampling: Omit<SamplingParameters, 'seed'>;
  /**
   * Text from which the sampling seeds derive. It contains the run, the step and the attempt. The same text gives the
   * same completions.
   */
  readonly seed: string;
  readonly signal: AbortSignal;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
};

export type RolloutTimes = { readonly sampleMs: number; readonly rewardMs: number };

/** Samples and scores `groupSize` completions for each example. The rollouts of a group are consecutive. */
export async function rollOut(
  examples: readonly TrainingExample[],
  { backend, reward, prompt, groupSize, sampling, seed, signal, now }: RolloutOptions,
): Promise<{ rollouts: Rollout[]; times: RolloutTimes }> {
  const start = now();
  const seeds = seedsOf(examples, seed);
  const promptTokens = backend.promptTokens({ prompt, image: true });
  const groups = await backend.sample(
    examples.map((example, i) => ({
      prompt: { image: example.image, tokens: promptTokens },
      samples: groupSize,
      parameters: { ...sampling, seed: seeds[i]! },
    })),
    { signal },
  );
  const completions = groups.flatMap((group, i) =>
    group.map((sample) => ({
      example: examples[i]!,
      promptTokens,
      sample,
      completion: backend.tokenizer.decode(sample.tokens, { controls: false }),
    })),
  );
  const sampled = now();
  const rewards = await reward.score(
    completions.map(({ example, completion, sample }, i) => ({
      ...rewardInput(example, completion, String(i)),
      completionTokens: sample.tokens.length,
      cutOff: sample.finishReason === 'length',
    })),
    { signal },
  );
  return {
    rollouts: completions.map((one, i) => ({ ...one, reward: rewards[i]! })),
    times: { sampleMs: sampled - start, rewardMs: now() - sampled },
  };
}

/**
 * Returns one seed per group. A batch across two epochs can contain an example twice. The example's two groups then get
 * different seeds.
 */
export function seedsOf(examples: readonly Pick<TrainingExample, 'id'>[], seed: string): number[] {
  const seen = new Map<string, number>();
  return examples.map(({ id }) => {
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return seedFrom(times === 0 ? `${seed}/${id}` : `${seed}/${id}#${times}`);
  });
}

export function rewardInput(example: TrainingExample, completion: string, id: string): RewardInput {
  const { image, truth, truthCoordinate, elements, texts, entityTags } = example;
  return {
    id,
    completion,
    image,
    truth,
    ...(truthCoordinate && { truthCoordinate }),
    ...(elements && { elements }),
    ...(texts && { texts }),
    ...(entityTags && { entityTags }),
  };
}

/** Returns the rollout's total reward, from which advantages are computed, or null if the total is unscored. */
export const totalValue = ({ reward: { total } }: Rollout): number | null =>
  total.kind === 'scored' ? total.value : null;

/** Returns true if all scored totals of the group are equal. Then all advantages of the group are 0 or null. */
export function isConstant(group: readonly Rollout[]): boolean {
  const values = group.map(totalValue).filter((value) => value !== null);
  return values.length < 2 || values.every((value) => value === values[0]);
}
