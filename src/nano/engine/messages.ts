/**
 * The messages between WorkerEngine and its threads. `bytes` of an image are scaled pixels instead of an image file.
 */
import type { ErrorCode } from '../../core/errors.ts';
import type { NanoConfig } from '../config.ts';
import type { Sequence } from '../learning/batch.ts';
import type { OptimizerOptions } from '../learning/optimizer-step.ts';
import type { LossRequest, LossResult, LossSequence } from '../learning/trainer.ts';
import type { WeightMemory } from '../learning/weight-memory.ts';
import type { SampledSequence, SampleRequest } from '../sampling/requests.ts';
import type { TokenizerJson } from '../tokenizer/tokenizer.ts';

export type EngineWorkerSetup = {
  readonly config: NanoConfig;
  readonly tokenizer: TokenizerJson;
  readonly memory: WeightMemory;
  readonly barrier: Int32Array;
  /** Index of this worker, and the number of workers. */
  readonly worker: number;
  readonly workers: number;
  /** Names of the trained parameters. */
  readonly trained: readonly string[];
  readonly optimizer: OptimizerOptions;
  readonly maxBatchTokens?: number;
  readonly slots?: number;
};

/** The calls by kind, each with its input and its output. */
export type EngineCalls = {
  /** `version` is the number of changes of the weights so far. */
  readonly sample: {
    readonly input: { readonly requests: readonly SampleRequest[]; readonly version: number };
    readonly output: readonly (readonly SampledSequence[])[];
  };
  readonly forwardBackward: {
    readonly input: { readonly data: readonly LossSequence[]; readonly request: Omit<LossRequest, 'signal'> };
    readonly output: LossResult;
  };
  /** Index of the frozen weights to use. The default is the weights in training. */
  readonly logprobs: {
    readonly input: { readonly data: readonly Sequence[]; readonly frozen?: number };
    readonly output: readonly (readonly number[])[];
  };
  readonly optimStep: {
    readonly input: { readonly learningRate: number; readonly step: number };
    readonly output: { readonly gradientNorm: number };
  };
  /** `freeze` opens frozen weights under the index `frozen`; `thaw` closes them. */
  readonly freeze: {
    readonly input: { readonly frozen: number; readonly memory: WeightMemory };
    readonly output: null;
  };
  readonly thaw: { readonly input: { readonly frozen: number }; readonly output: null };
};

export type CallKind = keyof EngineCalls;

export type CallMessage = {
  readonly [Kind in CallKind]: { readonly kind: Kind; readonly id: number; readonly input: EngineCalls[Kind]['input'] };
}[CallKind];

export type ToEngineWorker = CallMessage | { readonly kind: 'abort'; readonly id: number } | { readonly kind: 'end' };

export type FromEngineWorker =
  | { readonly kind: 'done'; readonly id: number; readonly output: EngineCalls[CallKind]['output'] }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint?: string;
    };
