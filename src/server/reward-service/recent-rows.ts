/**
 * Stores the rewards of recent rows as plain numbers. At each scrape, shares and correlations are computed from them.
 */
import { scored, type Score, unscored } from '../../core/score.ts';
import type { TotalReward } from '../../reward/combine.ts';
import { rewardNames } from '../../reward/registry.ts';

export type RecentRows = { add(row: TotalReward): void; rows(): readonly TotalReward[] };

/** Marks a component that a row does not have. Scores are never infinite. NaN marks an unscored component. */
const ABSENT = Number.POSITIVE_INFINITY;

const numberOf = (score: Score | undefined): number =>
  score === undefined ? ABSENT : score.kind === 'scored' ? score.value : Number.NaN;
const scoreOf = (value: number): Score<never> => (Number.isNaN(value) ? unscored('') : scored(value));

/**
 * Stores `capacity` rows in one array of numbers. Hundreds of rows arrive per second and stay for a minute, so one
 * object per row would burden the garbage collector.
 */
export function recentRows(capacity: number): RecentRows {
  const names = rewardNames();
  /** Number of values stored per row: the total, then each component. */
  const width = 1 + names.length;
  const values = new Float64Array(capacity * width);
  let count = 0;
  return {
    add: ({ components, total }) => {
      const at = (count % capacity) * width;
      values[at] = numberOf(total);
      for (const [k, name] of names.entries()) values[at + 1 + k] = numberOf(components[name]);
      count += 1;
    },
    rows: () =>
      Array.from({ length: Math.min(count, capacity) }, (_, row) => {
        const own = values.subarray(row * width, (row + 1) * width);
        const present = names.flatMap((name, k) =>
          own[1 + k] === ABSENT ? [] : [[name, scoreOf(own[1 + k]!)] as const],
        );
        return { components: Object.fromEntries(present), total: scoreOf(own[0]!) };
      }),
  };
}
