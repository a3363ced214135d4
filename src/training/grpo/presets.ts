/**
 * Options of published methods, so that a recipe can select a method by name. The preset `globe` is the paper's method.
 * The paper does not state the clip range and the aggregation; the preset uses the defaults of the release's training
 * engine.
 */
import { GlobeError } from '../../core/errors.ts';
import type { AdvantageOptions } from './advantages.ts';
import type { PolicyLossOptions } from './policy-loss-options.ts';

export type GrpoPreset = {
  readonly loss: PolicyLossOptions;
  readonly advantage: Omit<AdvantageOptions, 'groupSize'>;
  /** Resamples groups whose rewards are all equal (DAPO). */
  readonly dynamicSampling: boolean;
  /** Excludes completions that hit the length limit (DAPO). */
  readonly overlongFilter: boolean;
};

export type GrpoPresetName = 'globe' | 'grpo' | 'dr-grpo' | 'dapo' | 'gspo' | 'cispo';

const clip = { kind: 'clip', low: 0.2, high: 0.2 } as const;
const sequenceMean = { kind: 'sequence-mean-token-mean' } as const;
const plain = { dynamicSampling: false, overlongFilter: false } as const;

/**
 * Returns the options of a method. Dr.GRPO divides its loss by `maxCompletionTokens`.
 *
 * @example grpoPreset('dapo', { maxCompletionTokens: 1024 }).loss.aggregation; // { kind: 'token-mean' }
 */
export function grpoPreset(name: GrpoPresetName, { maxCompletionTokens }: { maxCompletionTokens: number }): GrpoPreset {
  switch (name) {
    // The paper's section on GRPO: β 0.001, scaling by the group's deviation.
    case 'globe':
      return {
        ...plain,
        advantage: {},
        loss: { surrogate: clip, aggregation: sequenceMean, kl: { coefficient: 0.001 } },
      };
    // DeepSeekMath, arXiv 2402.03300: β 0.04.
    case 'grpo':
      return {
        ...plain,
        advantage: {},
        loss: { surrogate: clip, aggregation: sequenceMean, kl: { coefficient: 0.04 } },
      };
    // "Understanding R1-Zero-Like Training", arXiv 2503.20783: no KL term, no division by the group's deviation or the
    // completion's length.
    case 'dr-grpo':
      return {
        ...plain,
        advantage: { scale: 'none' },
        loss: {
          surrogate: clip,
          aggregation: { kind: 'sequence-mean-token-sum-norm', length: maxCompletionTokens },
        },
      };
    // DAPO, arXiv 2503.14476: larger upper clip limit, mean over tokens, dynamic sampling, overlong filtering, no KL
    // term.
    case 'dapo':
      return {
        dynamicSampling: true,
        overlongFilter: true,
        advantage: {},
        loss: { surrogate: { kind: 'clip', low: 0.2, high: 0.28 }, aggregation: { kind: 'token-mean' } },
      };
    // GSPO, arXiv 2507.18071: one ratio per sequence, clipped to [1 − 3e-4, 1 + 4e-4].
    case 'gspo':
      return {
        ...plain,
        advantage: {},
        loss: {
          surrogate: { kind: 'clip', low: 3e-4, high: 4e-4 },
          ratioLevel: 'sequence',
          aggregation: sequenceMean,
        },
      };
    // CISPO (MiniMax-M1), arXiv 2506.13585: ρ has no lower limit. The paper does not state the upper limit; TRL
    // recommends 5.
    case 'cispo':
      return {
        ...plain,
        advantage: {},
        loss: { surrogate: { kind: 'cispo', maximum: 5 }, aggregation: { kind: 'token-mean' } },
      };
    default:
      throw new GlobeError({
        code: 'invalid-input',
        message: `Unknown GRPO preset: "${String(name satisfies never)}".`,
        hint: 'Use globe, grpo, dr-grpo, dapo, gspo or cispo.',
      });
  }
}
