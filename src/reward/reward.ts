/**
 * Rewards score a batch of completions in order. A score is a measurement: a wrong answer is scored 0, and a measurement
 * that failed (no truth, no judge, no list of visible elements) is unscored with its reason. One interface serves every
 * trainer; modes and weights are data.
 */
import { setImmediate } from 'node:timers/promises';
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import type { Score } from '../core/score.ts';
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

/**
 * `paper`: the formulas of the paper. `reference`: the released plugin with its faults, for comparison and regression
 * tests. `distance`: geo-localization by the distance of the geocoded answer; the other components as in `paper`.
 */
export const REWARD_MODES = ['paper', 'reference', 'distance'] as const;
export type RewardMode = (typeof REWARD_MODES)[number];

export type RewardInput = {
  /** Identifies the row in the service's answer. */
  readonly id: string;
  readonly completion: string;
  /** Tokens of the completion as its model counts them. */
  readonly completionTokens?: number;
  /** Whether the completion ended at its token limit. */
  readonly cutOff?: boolean;
  /** Where the photo was taken: at least the country. */
  readonly truth: Place;
  /** For mode `distance`; if absent, the true place is geocoded. */
  readonly truthCoordinate?: Coordinate;
  /** Required for localizability. */
  readonly image?: PreparedImage;
  /** Things that the image shows; required for visual grounding in the modes `paper` and `distance`. */
  readonly elements?: readonly VisualElement[];
  /** Text that can be read in the image. */
  readonly texts?: readonly string[];
  /** The dataset's entity tags; required for visual grounding in mode `reference`. */
  readonly entityTags?: readonly string[];
};

export type RewardDetail = Readonly<Record<string, unknown>>;

export interface Reward {
  /** Name and version, for provenance. */
  readonly name: string;
  /** One score per input, in order. Rejects only when the signal aborts. */
  score(batch: readonly RewardInput[], options: { readonly signal: AbortSignal }): Promise<Score<RewardDetail>[]>;
}

/**
 * Makes a reward from a function of one completion that needs no service.
 *
 * @example
 * pureReward('brevity/1', ({ completion }) => scored(completion.length <= 400 ? 1 : 0));
 */
export function pureReward(name: string, scoreOne: (input: RewardInput) => Score<RewardDetail>): Reward {
  return {
    name,
    score: async (batch, { signal }) => {
      const scores: Score<RewardDetail>[] = [];
      let yielded = performance.now();
      for (const input of batch) {
        signal.throwIfAborted();
        scores.push(scoreOne(input));
        if (performance.now() - yielded < MAX_MS_WITHOUT_PAUSE) continue;
        await setImmediate();
        yielded = performance.now();
      }
      return scores;
    },
  };
}

/** Then other work of the process gets its turn, such as a health check of the reward service. */
const MAX_MS_WITHOUT_PAUSE = 20;
