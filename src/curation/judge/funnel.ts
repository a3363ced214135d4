/**
 * The funnel counts how many photos each stage dropped, and why. gate-quality.ts measures whether the gates were right.
 */
import { GATE_NAMES } from '../gates/gate.ts';
import type { GateName } from '../gates/gate.ts';
import type { Result } from './result.ts';
import { SELECTION_STAGES } from './select.ts';
import type { Fate, SelectionStage } from './select.ts';

export type Stage = GateName | SelectionStage;
export const STAGES: readonly Stage[] = [...GATE_NAMES, ...SELECTION_STAGES];

export type StageCount = {
  readonly stage: Stage;
  readonly reached: number;
  readonly dropped: number;
  /** Causes of the drops, most frequent first. */
  readonly causes: readonly { readonly cause: string; readonly count: number }[];
};

export type Funnel = {
  readonly photos: number;
  /** The stages that at least one photo reached, in order. */
  readonly stages: readonly StageCount[];
  readonly train: number;
  readonly test: number;
  /** Photos without a verdict because an instrument failed. No stage counts them. */
  readonly pending: number;
};

export type FunnelCounter = {
  /** Adds a photo's verdicts. `fate` is undefined if a gate dropped the photo. */
  add(result: Result, fate: Fate | undefined): void;
  funnel(pending: number): Funnel;
};

const SELECTION_CAUSES: Readonly<Record<SelectionStage, string>> = {
  review: 'rejected by a reviewer',
  duplicate: 'near-duplicate of one that stays',
  size: 'not among the photos drawn for the dataset',
  split: 'in a test-only city, but its owner is in training',
};

export function createFunnelCounter(): FunnelCounter {
  const reached = new Map<Stage, number>();
  const causes = new Map<Stage, Map<string, number>>();
  const sides = { train: 0, test: 0 };
  let photos = 0;
  const drop = (stage: Stage, cause: string): void => {
    const counts = causes.get(stage) ?? new Map<string, number>();
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
    causes.set(stage, counts);
  };
  const reach = (stage: Stage): void => void reached.set(stage, (reached.get(stage) ?? 0) + 1);
  return {
    add: ({ verdicts }, fate) => {
      photos += 1;
      // The checks `image` and `place` write a verdict only if they fail, so a photo without such a verdict passed
      // them.
      const [first] = verdicts;
      reach('image');
      if (first?.gate !== 'image') reach('place');
      for (const { gate, passed, cause } of verdicts) {
        if (gate !== 'image' && gate !== 'place') reach(gate);
        if (!passed) drop(gate, cause ?? 'unknown');
      }
      if (fate === undefined) return;
      for (const stage of SELECTION_STAGES) {
        reach(stage);
        if (fate.kind === 'dropped' && fate.stage === stage) return drop(stage, SELECTION_CAUSES[stage]);
      }
      if (fate.kind === 'kept') sides[fate.split] += 1;
    },
    funnel: (pending) => ({
      photos: photos + pending,
      stages: STAGES.filter((stage) => reached.has(stage)).map((stage) => stageCount(stage, { reached, causes })),
      ...sides,
      pending,
    }),
  };
}

function stageCount(
  stage: Stage,
  { reached, causes }: { reached: Map<Stage, number>; causes: Map<Stage, Map<string, number>> },
): StageCount {
  const counted = [...(causes.get(stage) ?? [])].map(([cause, count]) => ({ cause, count }));
  counted.sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  const dropped = counted.reduce((sum, { count }) => sum + count, 0);
  return { stage, reached: reached.get(stage)!, dropped, causes: counted };
}
