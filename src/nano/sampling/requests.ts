/** Requests to the sampler and its results. */
import { invalidInput } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';

export type SamplingOptions = {
  readonly maxTokens: number;
  /** At 0, the most likely token is taken each time. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  /** A sequence ends after the first of these tokens; by default `<|end|>`. */
  readonly stopTokens?: readonly number[];
  /** A sequence ends after the token that completes one of these texts. */
  readonly stop?: readonly string[];
  /** The same seed gives the same sequences, in a batch of any size. */
  readonly seed: number;
  /** Number of most likely tokens to report for each position. */
  readonly topLogprobs?: number;
};

export type SampleRequest = {
  readonly image?: PreparedImage;
  readonly promptTokens: readonly number[];
  /** Number of sequences; the prompt is read once for all of them. */
  readonly samples: number;
  /** Index of the first sequence, which determines its seed; above 0 only for a part of a larger request. */
  readonly firstSample?: number;
  readonly options: SamplingOptions;
};

export type SampledSequence = {
  readonly tokens: readonly number[];
  /** Natural log-probabilities of the tokens under the model itself, before temperature and filters. */
  readonly logprobs: readonly number[];
  /** The most likely tokens of each position, if `topLogprobs` asks for them. */
  readonly top?: readonly (readonly { readonly token: number; readonly logprob: number }[])[];
  /** 'length' means that maxTokens, or the model's context, is used up. */
  readonly finishReason: 'stop' | 'length';
};

export type FullOptions = Required<SamplingOptions>;

/** Fills in defaults and checks ranges. */
export function completeOptions({ options, samples }: SampleRequest, end: number): FullOptions {
  const full = { temperature: 1, topP: 1, topK: Infinity, stopTokens: [end], stop: [], topLogprobs: 0, ...options };
  const range = (name: string, value: number, valid: boolean, rule: string): void => {
    if (!valid) throw invalidInput(`Invalid ${name}: ${value}.`, `Use ${rule}.`);
  };
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  range('samples', samples, whole(samples), 'a whole number from 1');
  range('maxTokens', full.maxTokens, whole(full.maxTokens), 'a whole number from 1');
  range('temperature', full.temperature, full.temperature >= 0 && full.temperature < Infinity, 'a number from 0');
  range('topP', full.topP, full.topP > 0 && full.topP <= 1, 'a number above 0 and at most 1');
  range('topK', full.topK, full.topK === Infinity || whole(full.topK), 'a whole number from 1');
  range('topLogprobs', full.topLogprobs, full.topLogprobs === 0 || whole(full.topLogprobs), 'a whole number from 0');
  return full;
}
