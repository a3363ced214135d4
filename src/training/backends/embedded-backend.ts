/** Trains the embedded model on this machine, in the calling thread or in worker threads. */
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import { defined } from '../../core/defined.ts';
import { answerTokens, type ChatRequest, promptTokens } from '../../nano/chat-template.ts';
import { type Checkpoint, loadTrainingState, saveCheckpoint } from '../../nano/checkpoint.ts';
import type { NanoConfig } from '../../nano/config.ts';
import { LocalEngine, type LocalEngineOptions } from '../../nano/engine/local-engine.ts';
import type { NanoEngine } from '../../nano/engine/nano-engine.ts';
import { WorkerEngine } from '../../nano/engine/worker-engine.ts';
import type { Tokenizer } from '../../nano/tokenizer/tokenizer.ts';
import type {
  CallOptions,
  Continuation,
  Datum,
  ForwardBackward,
  FrozenModel,
  LossChoice,
  Sample,
  SampleQuery,
  TrainingBackend,
} from './training-backend.ts';
import type { Sequence } from '../../nano/learning/batch.ts';

export type EmbeddedBackendOptions = Checkpoint &
  Omit<LocalEngineOptions, keyof Checkpoint> & {
    /**
     * Number of worker threads. The default of 1 starts no worker: the calling thread computes, and ONNX Runtime uses
     * `threads` threads. Two or more workers use one core each. They take time to start, but are faster in long runs.
     */
    readonly workers?: number;
  };

export class EmbeddedBackend implements TrainingBackend {
  readonly name = 'embedded';
  readonly tokenizer: Tokenizer;
  readonly config: NanoConfig;
  readonly #options: EmbeddedBackendOptions;
  #workers: number;
  #engine: NanoEngine | undefined;

  constructor(options: EmbeddedBackendOptions) {
    this.#options = options;
    this.#workers = options.workers ?? 1;
    this.tokenizer = options.tokenizer;
    this.config = options.config;
  }

  /**
   * Number of worker threads. A resumed training uses the same number as the original run, because results depend on
   * it.
   */
  get workers(): number {
    return this.#workers;
  }

  /** The engine that trains the model. It starts on the first use. */
  get engine(): NanoEngine {
    return (this.#engine ??= this.#open());
  }

  #open(): NanoEngine {
    const workers = this.#workers;
    return workers === 1 ? new LocalEngine(this.#options) : new WorkerEngine({ ...this.#options, workers });
  }

  promptTokens(request: ChatRequest): number[] {
    return promptTokens(request, this.tokenizer);
  }

  answerTokens(answer: string): number[] {
    return answerTokens(answer, this.tokenizer);
  }

  sample(queries: readonly SampleQuery[], { signal }: CallOptions = {}): Promise<readonly (readonly Sample[])[]> {
    const requests = queries.map(({ prompt: { image, tokens }, samples, parameters }) => ({
      ...(image && { image }),
      promptTokens: tokens,
      samples,
      options: parameters,
    }));
    return this.engine.sample(requests, defined({ signal }));
  }

  forwardBackward(
    data: readonly Datum[],
    { name, settings }: LossChoice,
    { signal }: CallOptions = {},
  ): Promise<ForwardBackward> {
    const sequences = data.map((datum) => ({ ...sequenceOf(datum), inputs: datum.lossInputs }));
    return this.engine.forwardBackward(sequences, {
      loss: name,
      ...(settings && { settings }),
      ...(signal && { signal }),
    });
  }

  optimStep({ learningRate }: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }> {
    return this.engine.optimStep({ learningRate });
  }

  computeLogprobs(data: readonly Continuation[], { signal }: CallOptions = {}): Promise<number[][]> {
    return this.engine.computeLogprobs(data.map(sequenceOf), defined({ signal }));
  }

  /** Writes a checkpoint folder that includes the training state. */
  async saveState(folder: string): Promise<void> {
    const state = await this.engine.state();
    await saveCheckpoint(folder, await this.#checkpoint(), { state: { ...state, workers: this.#workers } });
  }

  /** Writes a checkpoint folder in the Hugging Face layout. */
  async exportModel(
    folder: string,
    { description, promptForm }: { readonly description: string; readonly promptForm: PromptForm },
  ): Promise<void> {
    await saveCheckpoint(folder, { ...(await this.#checkpoint()), promptForm }, { description });
  }

  async #checkpoint(): Promise<Checkpoint> {
    return { config: this.config, tokenizer: this.tokenizer, parameters: await this.engine.parameters() };
  }

  /** Continues from a folder that `saveState` wrote, with the same number of workers. */
  async loadState(folder: string): Promise<void> {
    const state = await loadTrainingState(folder);
    const { workers = this.#workers } = state;
    if (workers !== this.#workers) {
      await this.dispose();
      this.#workers = workers;
    }
    await this.engine.restore(state);
  }

  /** Opens a frozen model that runs in this backend's threads. Dispose of it before this backend. */
  frozen({ parameters }: Pick<Checkpoint, 'parameters'>): FrozenModel {
    const engine = this.engine.frozen(parameters);
    return {
      computeLogprobs: (data, { signal }: CallOptions = {}) =>
        engine.computeLogprobs(data.map(sequenceOf), defined({ signal })),
      [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
    };
  }

  async dispose(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.[Symbol.asyncDispose]();
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
