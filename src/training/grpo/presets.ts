/**
 * Options of published methods, so that a recipe can select a method by name. The preset `globe` is the paper's method.
 * The paper does not state the clip range and the aggregation, so these are the defaults of the release's engine.
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
 * Returns the options of a method. `maxCompletionTokens` is the constant by which Dr.GRPO divides.
 *
 * @example
 * grpoPreset('dapo', { maxCompletionTokens: 1024 }).loss.aggregation; // { kind: 'token-mean' }
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
    // "Understanding R1-Zero-Like Training", arXiv 2503.20783: no division by deviation or length, no KL.
    case 'dr-grpo':
      return {
        ...plain,
        advantage: { scale: 'none' },
        loss: {
          surrogate: clip,
          aggregation: { kind: 'sequence-mean-token-sum-norm', length: maxCompletionTokens },
        },
      };
    // DAPO, arXiv 2503.14476: clip-higher, token mean, dynamic sampling, overlong filtering, no KL.
    case 'dapo':
      return {
        dynamicSampling: true,
        overlongFilter: true,
        advantage: {},
        loss: { surrogate: { kind: 'clip', low: 0.2, high: 0.28 }, aggregation: { kind: 'token-mean' } },
      };
    // GSPO, arXiv 2507.18071: one ratio per sequence, clip range 3e-4 and 4e-4.
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
    // CISPO (MiniMax-M1), arXiv 2506.13585: no lower limit. The upper limit is unpublished; TRL recommends 5.
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
