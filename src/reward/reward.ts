/**
 * The interface between rewards and trainers. A reward scores a batch of completions in order. A wrong answer has score
 * 0. A measurement that failed, for example because the truth or the judge is missing, is unscored with its reason.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import type { Score } from '../core/score.ts';
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { pauses } from '../service/pauses.ts';

/**
 * `paper`: the formulas of the paper. `reference`: the released plugin with its faults, for comparison and regression
 * tests. `distance`: like `paper`, but accuracy depends on the distance from the geocoded answer to the photo.
 * `verified`: like `paper`, but visual grounding depends on claims that a verifier checks.
 */
export const REWARD_MODES = ['paper', 'reference', 'distance', 'verified'] as const;
export type RewardMode = (typeof REWARD_MODES)[number];

export type RewardInput = {
  /** Identifies the row in the service's response. */
  readonly id: string;
  readonly completion: string;
  /** Number of tokens in the completion, counted by the tokenizer of the model that wrote it. */
  readonly completionTokens?: number;
  /** Whether the completion ended at its token limit. */
  readonly cutOff?: boolean;
  /** Where the photo was taken: at least the country. */
  readonly truth: Place;
  /** The photo's position, for mode `distance`. If it is absent, the true place is geocoded. */
  readonly truthCoordinate?: Coordinate;
  /** Required for localizability, and for visual grounding in mode `verified` with a verifier. */
  readonly image?: PreparedImage;
  /**
   * What the image shows. Required for visual grounding in the modes `paper` and `distance`, and in mode `verified`
   * without a verifier.
   */
  readonly elements?: readonly VisualElement[];
  /** Texts that are legible in the image. */
  readonly texts?: readonly string[];
  /** The dataset's entity tags; required for visual grounding in mode `reference`. */
  readonly entityTags?: readonly string[];
};

export type RewardDetail = Readonly<Record<string, unknown>>;

export interface Reward {
  /** Name and version, recorded for provenance. */
  readonly name: string;
  /** One score per input, in order. Rejects only when the signal aborts. */
  score(batch: readonly RewardInput[], options: { readonly signal: AbortSignal }): Promise<Score<RewardDetail>[]>;
}

/**
 * Creates a reward from a function that scores one completion without calling a service.
 *
 * @example
 * pureReward('brevity/1', ({ completion }) => scored(completion.length <= 400 ? 1 : 0));
 */
export function pureReward(name: string, scoreOne: (input: RewardInput) => Score<RewardDetail>): Reward {
  return {
    name,
    score: async (batch, { signal }) => {
      const scores: Score<RewardDetail>[] = [];
      const pause = pauses();
      for (const input of batch) {
        signal.throwIfAborted();
        scores.push(scoreOne(input));
        await pause();
      }
      return scores;
    },
  };
}
