/**
 * Statistics of a batch's rewards, which show how much training can learn from the batch. A group whose rewards are all
 * equal has no training signal, unscored rows make groups smaller, and correlated components carry the same
 * information.
 */
import { mean } from '../core/statistics/index.ts';
import { sampleCorrelation } from 'simple-statistics';
import type { TotalReward } from './combine.ts';
import { inRewardOrder } from './registry.ts';
import type { RewardWeights } from './reward-definition.ts';

export type GroupStatistics = {
  readonly rows: number;
  readonly groups: number;
  /** Share of rows whose total is unscored. */
  readonly unscoredShare: number;
  /**
   * Share of groups whose totals are all equal, among the groups with two or more scored rows; null if there are none.
   */
  readonly constantGroupShare: number | null;
  readonly components: Readonly<
    Record<
      string,
      {
        readonly mean: number | null;
        readonly unscoredShare: number;
        /**
         * Share of groups whose scores of this component are all equal, among the groups with two or more such scores.
         */
        readonly constantGroupShare: number | null;
        /**
         * Mean of the weighted component divided by the mean total, both over the rows with a total. Null if there are
         * no such rows or the mean total is 0.
         */
        readonly shareOfTotal: number | null;
      }
    >
  >;
  /** Pearson correlation of two components over the rows where both are scored; null if either is constant. */
  readonly correlations: readonly {
    readonly a: string;
    readonly b: string;
    readonly r: number | null;
  }[];
};

/**
 * Computes the statistics. `rows` holds the groups one after another, `groupSize` rows each; `weights` are the weights
 * of the total. Throws a RangeError if the last group is incomplete.
 */
export function groupStatistics(
  rows: readonly TotalReward[],
  { groupSize, weights }: { readonly groupSize: number; readonly weights: RewardWeights },
): GroupStatistics {
  if (!Number.isInteger(groupSize) || groupSize < 1 || rows.length % groupSize !== 0) {
    throw new RangeError(`${rows.length} rows cannot be divided into groups of ${groupSize}.`);
  }
  const totals = rows.map(({ total }) => (total.kind === 'scored' ? total.value : null));
  const meanTotal = mean(totals.filter((value) => value !== null));
  const present = inRewardOrder(rows.flatMap(({ components }) => Object.keys(components)));
  const columns = new Map(
    present.map((component) => [
      component,
      rows.map(({ components }) => {
        const score = components[component];
        return score?.kind === 'scored' ? score.value : null;
      }),
    ]),
  );
  return {
    rows: rows.length,
    groups: rows.length / groupSize,
    unscoredShare: unscoredShare(totals),
    constantGroupShare: constantGroupShare(totals, groupSize),
    components: Object.fromEntries(
      [...columns].map(([component, values]) => {
        const average = mean(values.filter((value) => value !== null));
        // Skip rows without a total: a component has no share in a missing total.
        const inTotal = mean(values.filter((value, i) => value !== null && totals[i] !== null) as number[]);
        return [
          component,
          {
            mean: average ?? null,
            unscoredShare: unscoredShare(values),
            constantGroupShare: constantGroupShare(values, groupSize),
            shareOfTotal:
              inTotal === undefined || meanTotal === undefined || meanTotal === 0
                ? null
                : (inTotal * (weights[component] ?? 0)) / meanTotal,
          },
        ];
      }),
    ),
    correlations: present.flatMap((a, i) =>
      present.slice(i + 1).map((b) => ({ a, b, r: correlation(columns.get(a)!, columns.get(b)!) })),
    ),
  };
}

type Column = readonly (number | null)[];

function unscoredShare(values: Column): number {
  return values.length === 0 ? 0 : values.filter((value) => value === null).length / values.length;
}

function constantGroupShare(values: Column, groupSize: number): number | null {
  let [counted, constant] = [0, 0];
  for (let start = 0; start < values.length; start += groupSize) {
    const group = values.slice(start, start + groupSize).filter((value) => value !== null);
    if (group.length < 2) continue;
    counted += 1;
    if (group.every((value) => value === group[0])) constant += 1;
  }
  return counted === 0 ? null : constant / counted;
}

function correlation(a: Column, b: Column): number | null {
  const pairs = a.flatMap((value, i) => (value === null || b[i] == null ? [] : [[value, b[i]] as const]));
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  if (new Set(xs).size < 2 || new Set(ys).size < 2) return null;
  return sampleCorrelation(xs, ys);
}
