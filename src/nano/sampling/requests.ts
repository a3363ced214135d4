/** Requests to the sampler and its results. */
import { invalidInput } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';

export type SamplingOptions = {
  readonly maxTokens: number;
  /** Sampling temperature. With 0, sampling is greedy: each token is the most likely one. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  /** A sequence ends after any of these tokens. The default is `<|end|>`. */
  readonly stopTokens?: readonly number[];
  /** A sequence ends after the token that completes one of these texts. */
  readonly stop?: readonly string[];
  /** The same seed gives the same sequences, even if other sequences are sampled in the same call. */
  readonly seed: number;
  /** Number of most likely tokens to return for each position. */
  readonly topLogprobs?: number;
};

export type SampleRequest = {
  readonly image?: PreparedImage;
  readonly promptTokens: readonly number[];
  /** Number of sequences. The prompt is processed once for all of them. */
  readonly samples: number;
  /**
   * Index of the first sequence, from which sequence seeds derive. It is above 0 only if this request is a part of a
   * larger request.
   */
  readonly firstSample?: number;
  readonly options: SamplingOptions;
};

export type SampledSequence = {
  readonly tokens: readonly number[];
  /** Natural log-probabilities of the tokens at temperature 1, before top-k and top-p. */
  readonly logprobs: readonly number[];
  /** The most likely tokens at each position, if `topLogprobs` is above 0. */
  readonly top?: readonly (readonly { readonly token: number; readonly logprob: number }[])[];
  /**
   * 'stop': the sequence ended at a stop token or stop text. 'length': it reached maxTokens or the end of the model's
   * context.
   */
  readonly finishReason: 'stop' | 'length';
};

export type FullOptions = Required<SamplingOptions>;

/** Fills in the default options. Throws `invalid-input` for values out of range. */
export function completeOptions({ options, samples }: SampleRequest, end: number): FullOptions {
  const full = { temperature: 1, topP: 1, topK: Infinity, stopTokens: [end], stop: [], topLogprobs: 0, ...options };
  const range = (name: string, value: number, valid: boolean, rule: string): void => {
    if (!valid) throw invalidInput(`Invalid ${name}: ${value}.`, `Use ${rule}.`);
  };
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  range('samples', samples, whole(samples), 'a whole number, at least 1');
  range('maxTokens', full.maxTokens, whole(full.maxTokens), 'a whole number, at least 1');
  range('temperature', full.temperature, full.temperature >= 0 && full.temperature < Infinity, 'a number, at least 0');
  range('topP', full.topP, full.topP > 0 && full.topP <= 1, 'a number above 0 and at most 1');
  range('topK', full.topK, full.topK === Infinity || whole(full.topK), 'a whole number, at least 1');
  range(
    'topLogprobs',
    full.topLogprobs,
    full.topLogprobs === 0 || whole(full.topLogprobs),
    'a whole number, at least 0',
  );
  return full;
}
