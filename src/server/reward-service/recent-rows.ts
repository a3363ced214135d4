/** The rewards of the last rows, as numbers alone: what a scrape says of how components go together. */
import { scored, type Score, unscored } from '../../core/score.ts';
import type { TotalReward } from '../../reward/combine.ts';

export type RecentRows = { add(row: TotalReward): void; rows(): readonly TotalReward[] };

/** Without details and reasons, which would keep completions and their entities in memory. */
const bare = (score: Score): Score<never> => (score.kind === 'scored' ? scored(score.value) : unscored(''));

export function recentRows(capacity: number): RecentRows {
  const kept: TotalReward[] = [];
  let next = 0;
  return {
    add: ({ components, total }) => {
      const entries = Object.entries(components).map(([name, score]) => [name, bare(score)] as const);
      kept[next] = { components: Object.fromEntries(entries), total: bare(total) };
      next = (next + 1) % capacity;
    },
    rows: () => kept,
  };
}
