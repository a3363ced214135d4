/**
 * Converts rewards to advantages with GRPO, RLOO, REINFORCE++ with baseline, pass@k or GDPO. The functions are pure and
 * compute in doubles. The rows of a group are consecutive. An unscored reward (null) is left out of its group's mean
 * and deviation, and its advantage is null, so that the loss excludes the row. All deviations are sample deviations
 * (divisor n − 1), as in TRL, ms-swift and verl. In a group with a single scored row, the deviation and the row's
 * advantage are 0.
 */
import { mean } from '../../core/statistics/index.ts';

export type Estimator = 'grpo' | 'rloo' | 'reinforce++-baseline' | 'pass@k';

/** Divisor of centred rewards: the deviation of the group, the deviation of the whole batch's rewards, or none. */
export type AdvantageScale = 'group' | 'batch' | 'none';

export type AdvantageOptions = {
  readonly groupSize: number;
  readonly estimator?: Estimator;
  readonly scale?: AdvantageScale;
  /** Added to the deviation. TRL and ms-swift use 1e-4, verl 1e-6. */
  readonly epsilon?: number;
  /** Used only by 'reinforce++-baseline'. */
  readonly whitening?: Whitening;
};

/**
 * Scales values to mean 0 and deviation 1 over a batch. With 'rows', the divisor is std + ε (TRL, ms-swift). With
 * 'tokens', row i counts `lengths[i]` times and the divisor is √(var + ε) (verl).
 */
export type Whitening =
  | { readonly over: 'rows'; readonly epsilon: number }
  | { readonly over: 'tokens'; readonly epsilon: number; readonly lengths: readonly number[] };

type Rewards = readonly (number | null)[];
type Advantages = (number | null)[];

/** Returns the sample standard deviation, or 0 for fewer than two values. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

function isScored(value: number | null): value is number {
  return value !== null;
}

/** Applies `each` to the scored rewards of every group. Unscored rewards stay null. */
function perGroup(
  rewards: Rewards,
  groupSize: number,
  each: (scored: readonly number[]) => readonly number[],
): Advantages {
  if (rewards.length % groupSize !== 0) {
    throw new RangeError(`Cannot split ${rewards.length} rewards into groups of ${groupSize}.`);
  }
  const result: Advantages = [];
  for (let start = 0; start < rewards.length; start += groupSize) {
    const group = rewards.slice(start, start + groupSize);
    const values = each(group.filter(isScored)).values();
    for (const reward of group) result.push(reward === null ? null : values.next().value!);
  }
  return result;
}

/** Whitens the scored values. Unscored values stay null. */
function whitened(values: Rewards, whitening: Whitening): Advantages {
  // Whitening over tokens counts a row once per token.
  const copies = (row: number): number => (whitening.over === 'tokens' ? whitening.lengths[row]! : 1);
  const population = values.flatMap((value, i) =>
    value === null ? [] : Array.from({ length: copies(i) }, () => value),
  );
  const centre = mean(population)!;
  const spread = deviation(population);
  const divisor = whitening.over === 'tokens' ? Math.sqrt(spread ** 2 + whitening.epsilon) : spread + whitening.epsilon;
  return values.map((value) => (value === null ? null : (value - centre) / divisor));
}

const centred = (values: readonly number[]): number[] => {
  const centre = mean(values)!;
  return values.map((value) => value - centre);
};

/**
 * Computes the advantages of a batch of groups. Shapes: rewards [N] → [N], where N is a multiple of groupSize. GRPO: A
 * = (R − mean_g) / (std_g + ε); Dr.GRPO: scale 'none'. RLOO: n/(n − 1) (R − mean_g), no scaling. REINFORCE++ with
 * baseline: A is centred in the group, then whitened over the batch. pass@k: the best row of a group has A = (best −
 * second best) / (std_g + ε); all other rows have A = 0.
 *
 * @example advantages([1, 0, null, 1], { groupSize: 4 }); // null, an unscored row, stays null
 */
export function advantages(
  rewards: Rewards,
  {
    groupSize,
    estimator = 'grpo',
    scale = 'group',
    epsilon = 1e-4,
    whitening = { over: 'rows', epsilon },
  }: AdvantageOptions,
): Advantages {
  switch (estimator) {
    case 'rloo':
      return perGroup(rewards, groupSize, (values) =>
        centred(values).map((value) => (values.length < 2 ? 0 : (value * values.length) / (values.length - 1))),
      );
    case 'reinforce++-baseline':
      return whitened(perGroup(rewards, groupSize, centred), whitening);
    case 'pass@k':
      return perGroup(rewards, groupSize, (values) => {
        const [best, second] = values.toSorted((a, b) => b - a);
        const winner = values.indexOf(best!);
        const lead = second === undefined ? 0 : (best! - second) / (deviation(values) + epsilon);
        return values.map((_, i) => (i === winner ? lead : 0));
      });
    case 'grpo': {
      const batchDeviation = deviation(rewards.filter(isScored));
      return perGroup(rewards, groupSize, (values) => {
        const divisor = { group: deviation(values) + epsilon, batch: batchDeviation + epsilon, none: 1 }[scale];
        return centred(values).map((value) => value / divisor);
      });
    }
    default:
      throw new RangeError(`Unknown estimator: ${String(estimator satisfies never)}.`);
  }
}

export type GdpoOptions = {
  readonly groupSize: number;
  /** Weight of each reward component. */
  readonly weights: readonly number[];
  /** Added to the deviation of each component in a group. TRL uses 1e-4, ms-swift 1e-8, verl 1e-6. */
  readonly groupEpsilon?: number;
  /** Whitening of the weighted sum. TRL (ε = 1e-4) and ms-swift (1e-8) whiten over rows, verl (1e-8) over tokens. */
  readonly whitening?: Whitening;
};

/**
 * GDPO: normalises each reward component within its group, then adds the weighted components and normalises the sums
 * over the batch. Components with a small range therefore still count. If any component of a row is null, the row's
 * advantage is null. Shapes: components [N][K] → [N].
 */
export function gdpoAdvantages(
  components: readonly (readonly (number | null)[])[],
  { groupSize, weights, groupEpsilon = 1e-4, whitening = { over: 'rows', epsilon: 1e-4 } }: GdpoOptions,
): Advantages {
  const complete = components.map((row) => row.every(isScored));
  const normalised = weights.map((weight, k) => {
    const column = components.map((row, i) => (complete[i] ? row[k]! : null));
    return { weight, values: advantages(column, { groupSize, epsilon: groupEpsilon }) };
  });
  const sums = components.map((_, i) =>
    complete[i] ? normalised.reduce((sum, { weight, values }) => sum + weight * values[i]!, 0) : null,
  );
  return whitened(sums, whitening);
}
