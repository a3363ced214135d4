/**
 * What a model in training can do: sample, learn and score. The implementations are LocalEngine, which computes in the
 * calling thread, and WorkerEngine, which splits every batch over worker threads.
 */
import type { HostArray } from '../../tensor/index.ts';
import type { Sequence } from '../learning/batch.ts';
import type { TrainerState } from '../learning/trained-weights.ts';
import type { LossRequest, LossResult, LossSequence } from '../learning/trainer.ts';
import type { SampledSequence, SampleRequest } from '../sampling/requests.ts';

export type EngineCall = { readonly signal?: AbortSignal };

/** Weights that score sequences. */
export interface ScoringEngine extends AsyncDisposable {
  /** Computes the log-probability of every completion token with teacher forcing. */
  computeLogprobs(data: readonly Sequence[], call?: EngineCall): Promise<number[][]>;
}

export interface NanoEngine extends ScoringEngine {
  /** Returns the sequences of each request, from the current weights. */
  sample(requests: readonly SampleRequest[], call?: EngineCall): Promise<SampledSequence[][]>;
  /**
   * Adds the gradient of the summed loss to the sums. After an error or an abort, the sums can hold a part of it, so the
   * caller must restore a saved state.
   */
  forwardBackward(data: readonly LossSequence[], request: LossRequest): Promise<LossResult>;
  /** Takes one AdamW step with the summed gradients, then clears them. Returns their norm before clipping. */
  optimStep(step: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }>;
  /** Returns copies of the current weights. */
  parameters(): Promise<Record<string, HostArray>>;
  /** Returns copies of parameters, moments and summed gradients, and the step count. */
  state(): Promise<TrainerState>;
  /** Replaces the current state by a saved state of the same configuration. */
  restore(state: TrainerState): Promise<void>;
  /** Opens a frozen model of the same configuration. It uses the same threads, so dispose of it before the engine. */
  frozen(parameters: Readonly<Record<string, HostArray>>): ScoringEngine;
}
