/** What the reward service tells Prometheus: latency, rows, each component's distribution, and what went unscored. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TotalReward } from '../../reward/combine.ts';
import { REWARD_COMPONENTS } from '../../reward/reward.ts';
import type { GuardedJudge } from './guarded-judge.ts';

export type RewardMetrics = {
  readonly registry: Registry;
  observe(request: { totals: readonly TotalReward[]; groups: readonly (string | undefined)[]; seconds: number }): void;
};

export function rewardMetrics(judge: GuardedJudge | undefined): RewardMetrics {
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
    help: 'Rows scored or not.',
    labelNames: ['outcome'],
    registers,
  });
  const values = new Histogram({
    name: 'globe_reward_component_value',
    help: 'Scored values of each component.',
    labelNames: ['component'],
    buckets: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers,
  });
  const unscored = new Counter({
    name: 'globe_reward_component_unscored_total',
    help: 'Measurements that could not be made.',
    labelNames: ['component'],
    registers,
  });
  const groups = new Counter({
    name: 'globe_reward_groups_total',
    help: 'Groups of rows with the same sample_id, by whether their totals differ.',
    labelNames: ['kind'],
    registers,
  });
  if (judge !== undefined) {
    const counts = {
      calls: 'Calls to the judge.',
      cacheHits: 'Answers taken from the cache.',
      failures: 'Calls that failed.',
    };
    for (const [name, help] of Object.entries(counts) as [keyof typeof counts, string][]) {
      const metric = `globe_judge_${name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)}_total`;
      gaugeOf(registry, { name: metric, help, read: () => judge.statistics[name] });
    }
    gaugeOf(registry, {
      name: 'globe_judge_down',
      help: '1 while the judge is left alone because it kept failing, or denies every request.',
      read: () => (judge.trouble() === undefined ? 0 : 1),
    });
  }
  return {
    registry,
    observe: ({ totals, groups: ids, seconds }) => {
      latency.observe(seconds);
      for (const { components, total } of totals) {
        rows.inc({ outcome: total.kind });
        for (const component of REWARD_COMPONENTS) {
          const score = components[component];
          if (score?.kind === 'scored') values.observe({ component }, score.value);
          else if (score !== undefined) unscored.inc({ component });
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

/** A gauge whose value is read when it is asked for. */
function gaugeOf(registry: Registry, { name, help, read }: { name: string; help: string; read: () => number }): void {
  const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: (): void => gauge.set(read()) });
}
