/**
 * Rewards: a batch of completions in, a score for each out, in order. A score is a measurement: a wrong answer is
 * scored 0, and a measurement that could not be made (no truth, no judge, no list of visible elements) is unscored with
 * its reason. One interface serves every trainer; modes and weights are data.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import type { Score } from '../core/score.ts';
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

/**
 * `paper`: the formulas of the paper. `reference`: the released plugin, faults and all, for comparison and regression.
 * `distance`: geo-localization shaped by the distance of the geocoded answer; the other components as in `paper`.
 */
export const REWARD_MODES = ['paper', 'reference', 'distance'] as const;
export type RewardMode = (typeof REWARD_MODES)[number];

export type RewardInput = {
  /** Comes back with the score. */
  readonly id: string;
  readonly completion: string;
  /** Tokens of the completion as its model counts them. */
  readonly completionTokens?: number;
  /** Whether the completion ended at its token limit. */
  readonly cutOff?: boolean;
  /** Where the photo was taken: the country at least. */
  readonly truth: Place;
  /** Needed in mode `distance`; otherwise the truth's place is geocoded. */
  readonly truthCoordinate?: Coordinate;
  /** Needed for localizability. */
  readonly image?: PreparedImage;
  /** What the image shows; needed for visual grounding in the modes `paper` and `distance`. */
  readonly elements?: readonly VisualElement[];
  /** Text that can be read in the image. */
  readonly texts?: readonly string[];
  /** The dataset's entity tags; needed for visual grounding in mode `reference`. */
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
 * A reward that looks at one completion at a time and asks nobody.
 *
 * @example
 * pureReward('brevity/1', ({ completion }) => scored(completion.length <= 400 ? 1 : 0));
 */
export function pureReward(name: string, scoreOne: (input: RewardInput) => Score<RewardDetail>): Reward {
  return {
    name,
    score: async (batch, { signal }) => {
      signal.throwIfAborted();
      return batch.map(scoreOne);
    },
  };
}
