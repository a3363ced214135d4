/**
 * Counts how many photos each stage dropped, and why. gate-quality.ts measures whether the gates decided correctly.
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
  /**
   * Number of photos that no earlier stage dropped. If annotators are asked in the order of their prices, a gate may
   * not have checked all of these photos.
   */
  readonly reached: number;
  readonly dropped: number;
  /** Causes of the stage's drops, most frequent first. */
  readonly causes: readonly { readonly cause: string; readonly count: number }[];
};

export type Funnel = {
  readonly photos: number;
  /** The stages that at least one photo reached, in the order of the pipeline. */
  readonly stages: readonly StageCount[];
  readonly train: number;
  readonly test: number;
  /** Number of photos without a verdict, because an instrument failed. No stage counts them. */
  readonly pending: number;
};

export type FunnelCounter = {
  /** Adds a photo's verdicts. `fate` is undefined if a gate dropped the photo. */
  add(result: Result, fate: Fate | undefined): void;
  funnel(pending: number): Funnel;
};

const SELECTION_CAUSES: Readonly<Record<SelectionStage | 'duplicate', string>> = {
  review: 'rejected by a reviewer',
  duplicate: 'near-duplicate of one that stays',
  cap: 'the city, country or owner has enough photos',
  size: 'not among the photos drawn for the dataset',
  split: 'in a test-only city, but its owner is in training',
};

/** Checks that write a verdict only if a photo fails them. Every run has these checks. */
const ALWAYS: readonly Stage[] = ['image', 'place'];

export function createFunnelCounter(): FunnelCounter {
  const seen = new Set<Stage>(ALWAYS);
  const causes = new Map<Stage, Map<string, number>>();
  const sides = { train: 0, test: 0 };
  let photos = 0;
  const drop = (stage: Stage, cause: string): void => {
    seen.add(stage);
    const counts = causes.get(stage) ?? new Map<string, number>();
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
    causes.set(stage, counts);
  };
  return {
    add: ({ verdicts }, fate) => {
      photos += 1;
      if (fate?.kind === 'dropped') return drop(fate.stage, SELECTION_CAUSES[fate.stage]);
      for (const { gate } of verdicts) seen.add(gate);
      const last = verdicts.at(-1);
      if (fate === undefined) return drop(last!.gate, last!.cause ?? 'unknown');
      for (const stage of ['duplicate', ...SELECTION_STAGES] as const) seen.add(stage);
      sides[fate.split] += 1;
    },
    funnel: (pending) => {
      let left = photos;
      const stages = STAGES.filter((stage) => seen.has(stage)).map((stage): StageCount => {
        const count = stageCount(stage, { reached: left, causes });
        left -= count.dropped;
        return count;
      });
      return { photos: photos + pending, stages, ...sides, pending };
    },
  };
}

function stageCount(
  stage: Stage,
  { reached, causes }: { reached: number; causes: ReadonlyMap<Stage, ReadonlyMap<string, number>> },
): StageCount {
  const counted = [...(causes.get(stage) ?? [])].map(([cause, count]) => ({ cause, count }));
  counted.sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  const dropped = counted.reduce((sum, { count }) => sum + count, 0);
  return { stage, reached, dropped, causes: counted };
}
