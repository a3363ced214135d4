/**
 * The engine that computes in the calling thread. Its sampler has a copy of the weights, which is renewed after each
 * change.
 */
import type { HostArray } from '../../tensor/index.ts';
import type { NanoConfig } from '../config.ts';
import { type PatchReader, patchReader } from '../image/patches.ts';
import type { Sequence } from '../learning/batch.ts';
import type { Trainable } from '../learning/graphs.ts';
import type { OptimizerOptions } from '../learning/optimizer-step.ts';
import type { TrainerState } from '../learning/trained-weights.ts';
import { type LossRequest, type LossResult, type LossSequence, NanoTrainer } from '../learning/trainer.ts';
import type { SampledSequence, SampleRequest } from '../sampling/requests.ts';
import { NanoSampler } from '../sampling/sampler.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { EngineCall, NanoEngine, ScoringEngine } from './nano-engine.ts';

export type EngineOptions = {
  readonly config: NanoConfig;
  readonly tokenizer: Tokenizer;
  readonly parameters: Readonly<Record<string, HostArray>>;
  readonly optimizer?: OptimizerOptions;
  /** Selects the parameters to train by name. The default is all parameters. */
  readonly trainable?: Trainable;
  /** Maximum number of positions per batch and thread, including padding. */
  readonly maxBatchTokens?: number;
  /** Maximum number of sequences sampled in parallel, per thread. */
  readonly slots?: number;
};

export type LocalEngineOptions = EngineOptions & {
  /** Number of threads that ONNX Runtime uses. The default is the number of cores. */
  readonly threads?: number;
};

export class LocalEngine implements NanoEngine {
  readonly #options: LocalEngineOptions & { readonly readPatches: PatchReader };
  readonly #trainer: NanoTrainer;
  #sampler: NanoSampler | undefined;
  /** Number of changes of the weights so far. */
  #version = 0;
  /** The sampler with the weights of `version`. The promise resolves when these weights are loaded. */
  #loaded: { readonly version: number; readonly sampler: Promise<NanoSampler> } | undefined;

  constructor(options: LocalEngineOptions) {
    this.#options = { ...options, readPatches: patchReader(options.config) };
    this.#trainer = new NanoTrainer(this.#options);
  }

  async sample(requests: readonly SampleRequest[], call?: EngineCall): Promise<SampledSequence[][]> {
    const sampler = await this.#currentSampler();
    return sampler.sample(requests, call);
  }

  forwardBackward(data: readonly LossSequence[], request: LossRequest): Promise<LossResult> {
    return this.#trainer.forwardBackward(data, request);
  }

  computeLogprobs(data: readonly Sequence[], call?: EngineCall): Promise<number[][]> {
    return this.#trainer.computeLogprobs(data, call);
  }

  async optimStep(step: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }> {
    const result = this.#trainer.optimStep(step);
    this.#version += 1;
    return Promise.resolve(result);
  }

  parameters(): Promise<Record<string, HostArray>> {
    return Promise.resolve(this.#trainer.parameters());
  }

  state(): Promise<TrainerState> {
    return Promise.resolve(this.#trainer.state());
  }

  async restore(state: TrainerState): Promise<void> {
    this.#trainer.restore(state);
    this.#version += 1;
    return Promise.resolve();
  }

  frozen(parameters: Readonly<Record<string, HostArray>>): ScoringEngine {
    return new NanoTrainer({ ...this.#options, parameters, trainable: () => false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sampler = this.#sampler;
    this.#sampler = undefined;
    await sampler?.dispose();
    await this.#trainer.dispose();
  }

  #currentSampler(): Promise<NanoSampler> {
    if (this.#loaded?.version !== this.#version) {
      const loaded = { version: this.#version, sampler: this.#loadSampler() };
      this.#loaded = loaded;
      loaded.sampler.catch(() => {
        if (this.#loaded === loaded) this.#loaded = undefined;
      });
    }
    return this.#loaded.sampler;
  }

  async #loadSampler(): Promise<NanoSampler> {
    const parameters = this.#trainer.parameters();
    if (this.#sampler !== undefined) await this.#sampler.load(parameters);
    else this.#sampler = new NanoSampler({ ...this.#options, parameters });
    return this.#sampler;
  }
}
