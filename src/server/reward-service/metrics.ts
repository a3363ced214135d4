/**
 * Metrics of the reward service for Prometheus: latency, number of rows, distribution of each component, unscored
 * values, and groups without variance. Each component's share of the total and the correlations between components are
 * computed over recent rows.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TotalReward } from '../../reward/combine.ts';
import { groupStatistics, type GroupStatistics } from '../../reward/group-statistics.ts';
import type { RewardWeights } from '../../reward/reward-definition.ts';
import type { GuardedJudge } from './guarded-judge.ts';
import { recentRows } from './recent-rows.ts';

export type RewardMetrics = {
  readonly registry: Registry;
  observe(request: { totals: readonly TotalReward[]; groups: readonly (string | undefined)[]; seconds: number }): void;
};

/** Number of recent rows over which shares and correlations are computed: 16 steps of 16 groups of 16 completions. */
const RECENT_ROWS = 4096;

export function rewardMetrics({
  judge,
  weights,
}: {
  readonly judge: GuardedJudge | undefined;
  readonly weights: RewardWeights;
}): RewardMetrics {
  const registry = new Registry();
  const registers = [registry];
  const latency = new Histogram({
    name: 'globe_reward_request_seconds',
    help: 'Time to score one request.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const rows = new Counter({
    name: 'globe_reward_rows_total',
    help: 'Rows by outcome, scored or unscored.',
    labelNames: ['outcome'],
    registers,
  });
  const values = new Histogram({
    name: 'globe_reward_component_value',
    help: 'Scored values of each component.',
    labelNames: ['component'],
    // The length reward is at most 0. All other components are shares or probabilities between 0 and 1.
    buckets: [-1, -0.75, -0.5, -0.25, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers,
  });
  const unscored = new Counter({
    name: 'globe_reward_component_unscored_total',
    help: 'Failed measurements of each component.',
    labelNames: ['component'],
    registers,
  });
  const groups = new Counter({
    name: 'globe_reward_groups_total',
    help: 'Groups of rows with the same sample_id, by whether their totals vary.',
    labelNames: ['kind'],
    registers,
  });
  const recent = recentRows(RECENT_ROWS);
  groupGauges(registry, () => groupStatistics(recent.rows(), { groupSize: 1, weights }));
  if (judge !== undefined) {
    const counts = {
      calls: 'Calls to the judge.',
      cacheHits: 'Answers from the cache.',
      failures: 'Failed calls to the judge.',
    };
    for (const [name, help] of Object.entries(counts) as [keyof typeof counts, string][]) {
      const metric = `globe_judge_${name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)}_total`;
      gaugeOf(registry, { name: metric, help, read: () => judge.statistics[name] });
    }
    gaugeOf(registry, {
      name: 'globe_judge_down',
      help: '1 while the judge is paused after repeated failures or denies every request.',
      read: () => (judge.trouble() === undefined ? 0 : 1),
    });
  }
  return {
    registry,
    observe: ({ totals, groups: ids, seconds }) => {
      latency.observe(seconds);
      for (const row of totals) {
        const { components, total } = row;
        recent.add(row);
        rows.inc({ outcome: total.kind });
        for (const [component, score] of Object.entries(components)) {
          if (score.kind === 'scored') values.observe({ component }, score.value);
          else unscored.inc({ component });
        }
      }
      for (const group of Map.groupBy(totals.keys(), (i) => ids[i]).entries()) {
        const scored = group[1].map((i) => totals[i]!.total).filter((total) => total.kind === 'scored');
        if (group[0] === undefined || scored.length < 2) continue;
        groups.inc({ kind: scored.every(({ value }) => value === scored[0]!.value) ? 'constant' : 'varied' });
      }
    },
  };
}

/**
 * Registers gauges for shares and correlations. A gauge has no value if there are too few rows or if their values do
 * not vary.
 */
function groupGauges(registry: Registry, statistics: () => GroupStatistics): void {
  const share: Gauge<'component'> = new Gauge({
    name: 'globe_reward_component_share',
    help: `Share of each weighted component in the total, over the last ${RECENT_ROWS} rows that have one.`,
    labelNames: ['component'],
    registers: [registry],
    collect: () => {
      share.reset();
      for (const [component, { shareOfTotal }] of Object.entries(statistics().components)) {
        if (shareOfTotal !== null) share.set({ component }, shareOfTotal);
      }
    },
  });
  const correlation: Gauge<'a' | 'b'> = new Gauge({
    name: 'globe_reward_component_correlation',
    help: `Pearson correlation of two components, over the last ${RECENT_ROWS} rows that have both.`,
    labelNames: ['a', 'b'],
    registers: [registry],
    collect: () => {
      correlation.reset();
      for (const { a, b, r } of statistics().correlations) if (r !== null) correlation.set({ a, b }, r);
    },
  });
}

/** Registers a gauge whose value is computed at each scrape. */
function gaugeOf(registry: Registry, { name, help, read }: { name: string; help: string; read: () => number }): void {
  const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: (): void => gauge.set(read()) });
}
