/**
 * The interface of a model in training: sampling, learning and scoring. LocalEngine computes in the calling thread;
 * WorkerEngine splits every batch over worker threads.
 */
import type { HostArray } from '../../tensor/index.ts';
import type { Sequence } from '../learning/batch.ts';
import type { TrainerState } from '../learning/trained-weights.ts';
import type { LossRequest, LossResult, LossSequence } from '../learning/trainer.ts';
import type { SampledSequence, SampleRequest } from '../sampling/requests.ts';

export type EngineCall = { readonly signal?: AbortSignal };

/** A model that computes log-probabilities. */
export interface ScoringEngine extends AsyncDisposable {
  /** Computes the log-probability of every completion token with teacher forcing. */
  computeLogprobs(data: readonly Sequence[], call?: EngineCall): Promise<number[][]>;
}

export interface NanoEngine extends ScoringEngine {
  /** Samples the sequences of each request from the current weights. */
  sample(requests: readonly SampleRequest[], call?: EngineCall): Promise<SampledSequence[][]>;
  /**
   * Adds the gradient of the summed loss to the accumulated gradients. After an error or an abort, the accumulated
   * gradients may contain a part of the batch, so the caller must restore a saved state.
   */
  forwardBackward(data: readonly LossSequence[], request: LossRequest): Promise<LossResult>;
  /** Takes one AdamW step with the accumulated gradients, then clears them. Returns their norm before clipping. */
  optimStep(step: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }>;
  /** Returns copies of the current weights. */
  parameters(): Promise<Record<string, HostArray>>;
  /** Returns copies of parameters, moments and accumulated gradients, and the step count. */
  state(): Promise<TrainerState>;
  /** Replaces the current state by a saved state of a model with the same configuration. */
  restore(state: TrainerState): Promise<void>;
  /**
   * Opens a frozen model with the same configuration. It runs in this engine's threads, so dispose of it before the
   * engine.
   */
  frozen(parameters: Readonly<Record<string, HostArray>>): ScoringEngine;
}
