/**
 * The training backend for this process. It samples from a copy of the weights, which is reloaded after each update.
 */
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import { defined } from '../../core/defined.ts';
import { answerTokens, type ChatRequest, promptTokens } from '../../nano/chat-template.ts';
import { type Checkpoint, loadTrainingState, saveCheckpoint } from '../../nano/checkpoint.ts';
import type { NanoConfig } from '../../nano/config.ts';
import { type PatchReader, patchReader } from '../../nano/image/patches.ts';
import { ParallelSampler } from '../../nano/sampling/parallel-sampler.ts';
import { NanoSampler } from '../../nano/sampling/sampler.ts';
import type { Tokenizer } from '../../nano/tokenizer/tokenizer.ts';
import type { Trainable } from '../../nano/learning/graphs.ts';
import type { OptimizerOptions } from '../../nano/learning/optimizer-step.ts';
import { NanoTrainer } from '../../nano/learning/trainer.ts';
import type {
  CallOptions,
  Continuation,
  Datum,
  ForwardBackward,
  LossChoice,
  Sample,
  SampleQuery,
  TrainingBackend,
} from './training-backend.ts';
import type { Sequence } from '../../nano/learning/batch.ts';

export type EmbeddedBackendOptions = Checkpoint & {
  readonly optimizer?: OptimizerOptions;
  readonly trainable?: Trainable;
  readonly threads?: number;
  readonly maxBatchTokens?: number;
  /**
   * Number of sampling threads. With the default of 1, sampling runs in the calling thread and uses all cores. Two or
   * more threads use one core each; they take time to start, but are faster in long runs.
   */
  readonly sampleWorkers?: number;
  /** Maximum number of sequences sampled in parallel. */
  readonly slots?: number;
  readonly readPatches?: PatchReader;
};

export class EmbeddedBackend implements TrainingBackend {
  readonly name = 'embedded';
  readonly tokenizer: Tokenizer;
  readonly config: NanoConfig;
  readonly trainer: NanoTrainer;
  readonly #options: EmbeddedBackendOptions;
  #sampler: NanoSampler | ParallelSampler | undefined;
  /** Number of changes of the weights so far. */
  #version = 0;
  /** A sampler with the weights of `version`. The promise resolves when they are loaded. */
  #loaded: { readonly version: number; readonly sampler: Promise<NanoSampler | ParallelSampler> } | undefined;

  constructor(options: EmbeddedBackendOptions) {
    const readPatches = options.readPatches ?? patchReader(options.config);
    this.#options = { ...options, readPatches };
    this.tokenizer = options.tokenizer;
    this.config = options.config;
    this.trainer = new NanoTrainer(this.#options);
  }

  promptTokens(request: ChatRequest): number[] {
    return promptTokens(request, this.tokenizer);
  }

  answerTokens(answer: string): number[] {
    return answerTokens(answer, this.tokenizer);
  }

  async sample(queries: readonly SampleQuery[], { signal }: CallOptions = {}): Promise<readonly (readonly Sample[])[]> {
    const requests = queries.map(({ prompt: { image, tokens }, samples, parameters }) => ({
      ...(image && { image }),
      promptTokens: tokens,
      samples,
      options: parameters,
    }));
    const sampler = await this.#currentSampler();
    return sampler.sample(requests, defined({ signal }));
  }

  /** Returns a sampler with the current weights. */
  #currentSampler(): Promise<NanoSampler | ParallelSampler> {
    if (this.#loaded?.version !== this.#version) {
      const loaded = { version: this.#version, sampler: this.#loadSampler() };
      this.#loaded = loaded;
      loaded.sampler.catch(() => {
        if (this.#loaded === loaded) this.#loaded = undefined;
      });
    }
    return this.#loaded.sampler;
  }

  async #loadSampler(): Promise<NanoSampler | ParallelSampler> {
    const { sampleWorkers: workers = 1 } = this.#options;
    const options = { ...this.#options, parameters: this.trainer.parameters() };
    if (this.#sampler !== undefined) await this.#sampler.load(options.parameters);
    else this.#sampler = workers === 1 ? new NanoSampler(options) : new ParallelSampler({ ...options, workers });
    return this.#sampler;
  }

  async forwardBackward(
    data: readonly Datum[],
    { name, settings }: LossChoice,
    { signal }: CallOptions = {},
  ): Promise<ForwardBackward> {
    const sequences = data.map((datum) => ({ ...sequenceOf(datum), inputs: datum.lossInputs }));
    return this.trainer.forwardBackward(sequences, {
      loss: name,
      ...(settings && { settings }),
      ...(signal && { signal }),
    });
  }

  async optimStep({ learningRate }: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }> {
    const result = this.trainer.optimStep({ learningRate });
    this.#version += 1;
    return result;
  }

  computeLogprobs(data: readonly Continuation[], { signal }: CallOptions = {}): Promise<number[][]> {
    return this.trainer.computeLogprobs(data.map(sequenceOf), defined({ signal }));
  }

  /** Writes a checkpoint folder that includes the training state. */
  async saveState(folder: string): Promise<void> {
    await saveCheckpoint(folder, this.#checkpoint(), { state: this.trainer.state() });
  }

  /** Writes a checkpoint folder in the Hugging Face layout. */
  async exportModel(
    folder: string,
    { description, promptForm }: { readonly description: string; readonly promptForm: PromptForm },
  ): Promise<void> {
    await saveCheckpoint(folder, { ...this.#checkpoint(), promptForm }, { description });
  }

  #checkpoint(): Checkpoint {
    return { config: this.config, tokenizer: this.tokenizer, parameters: this.trainer.parameters() };
  }

  /** Continues from a folder that `saveState` wrote. */
  async loadState(folder: string): Promise<void> {
    this.trainer.restore(await loadTrainingState(folder));
    this.#version += 1;
  }

  async dispose(): Promise<void> {
    const sampler = this.#sampler;
    this.#sampler = undefined;
    await sampler?.dispose();
    await this.trainer.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

const sequenceOf = ({ prompt: { image, tokens: before }, tokens }: Continuation): Sequence => ({
  ...(image && { image }),
  promptTokens: before,
  completionTokens: tokens,
});
