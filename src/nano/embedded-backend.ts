/** The training backend whose model lives in this process. Samples come from a copy of the weights, made anew after each step. */
import { answerTokens, type ChatRequest, promptTokens } from './chat-template.ts';
import { type Checkpoint, loadTrainingState, saveCheckpoint } from './checkpoint.ts';
import type { NanoConfig } from './config.ts';
import { type PatchReader, patchReader } from './image/patches.ts';
import { ParallelSampler } from './sampling/parallel-sampler.ts';
import { NanoSampler } from './sampling/sampler.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import type { OptimizerOptions, Trainable } from './learning/graphs.ts';
import { NanoTrainer } from './learning/trainer.ts';
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
import type { Sequence } from './learning/batch.ts';

export type EmbeddedBackendOptions = Checkpoint & {
  readonly optimizer?: OptimizerOptions;
  readonly trainable?: Trainable;
  readonly threads?: number;
  readonly maxBatchTokens?: number;
  /**
   * Threads that sample side by side, one core each; 1 by default, in this thread with all cores. Two or more are faster for long
   * runs: they are started once.
   */
  readonly sampleWorkers?: number;
  /** Sequences that are sampled side by side at most. */
  readonly slots?: number;
  readonly readPatches?: PatchReader;
};

export class EmbeddedBackend implements TrainingBackend {
  readonly name = 'embedded';
  readonly tokenizer: Tokenizer;
  readonly config: NanoConfig;
  readonly trainer: NanoTrainer;
  readonly #options: EmbeddedBackendOptions;
  #sampler: NanoSampler | undefined;
  #workers: ParallelSampler | undefined;
  /** Whether the workers' weights are those of now. */
  #current = false;

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
    return this.#samplerOfNow().sample(requests, signal === undefined ? {} : { signal });
  }

  /** A sampler that has the weights of now. */
  #samplerOfNow(): NanoSampler | ParallelSampler {
    const { sampleWorkers = 1 } = this.#options;
    const options = { ...this.#options, parameters: this.trainer.parameters() };
    if (sampleWorkers === 1) return (this.#sampler ??= new NanoSampler(options));
    if (this.#workers === undefined) this.#workers = new ParallelSampler({ ...options, workers: sampleWorkers });
    else if (!this.#current) this.#workers.load(options.parameters);
    this.#current = true;
    return this.#workers;
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
    const result = await this.trainer.optimStep({ learningRate });
    await this.#forgetSampler();
    return result;
  }

  computeLogprobs(data: readonly Continuation[], { signal }: CallOptions = {}): Promise<number[][]> {
    return this.trainer.computeLogprobs(data.map(sequenceOf), signal === undefined ? {} : { signal });
  }

  /** Writes a checkpoint folder with the training state. */
  async saveState(folder: string): Promise<void> {
    const checkpoint = { config: this.config, tokenizer: this.tokenizer, parameters: this.trainer.parameters() };
    await saveCheckpoint(folder, checkpoint, { state: this.trainer.state() });
  }

  /** Continues from a folder that `saveState` wrote. */
  async loadState(folder: string): Promise<void> {
    this.trainer.restore(await loadTrainingState(folder));
    await this.#forgetSampler();
  }

  async dispose(): Promise<void> {
    await this.#forgetSampler();
    await this.#workers?.dispose();
    await this.trainer.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #forgetSampler(): Promise<void> {
    this.#current = false;
    const sampler = this.#sampler;
    this.#sampler = undefined;
    await sampler?.dispose();
  }
}

const sequenceOf = ({ prompt: { image, tokens: before }, tokens }: Continuation): Sequence => ({
  ...(image && { image }),
  promptTokens: before,
  completionTokens: tokens,
});
