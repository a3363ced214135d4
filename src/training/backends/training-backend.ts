/**
 * The interface between training algorithms and model weights. Its methods follow the Tinker API, so that the same loop
 * can train the embedded model and models on a hosted or self-hosted cluster. Losses are sums over tokens. Gradients
 * accumulate until `optimStep`.
 */
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';

/** Input of a model: an optional image, followed by tokens. */
export type ModelInput = { readonly image?: PreparedImage; readonly tokens: readonly number[] };

export type SamplingParameters = {
  readonly maxTokens: number;
  /** Sampling temperature. The default is 1; 0 means greedy. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed: number;
};

export type SampleQuery = {
  readonly prompt: ModelInput;
  readonly samples: number;
  readonly parameters: SamplingParameters;
};

export type Sample = {
  readonly tokens: readonly number[];
  /** Log-probabilities of the tokens at temperature 1, before top-k and top-p. */
  readonly logprobs: readonly number[];
  readonly finishReason: 'stop' | 'length';
};

/** A prompt and the tokens that follow it. */
export type Continuation = { readonly prompt: ModelInput; readonly tokens: readonly number[] };

export type Datum = Continuation & {
  /**
   * Per-token inputs of the loss by name, such as weights, advantages or oldLogprobs. Each array is as long as
   * `tokens`.
   */
  readonly lossInputs: Readonly<Record<string, readonly number[]>>;
};

/**
 * A loss by name, such as 'cross_entropy', 'importance_sampling' or 'ppo'. `settings` overrides the loss's default
 * settings.
 */
export type LossChoice = { readonly name: string; readonly settings?: Readonly<Record<string, number>> };

export type ForwardBackward = {
  /** The loss summed over all tokens. */
  readonly loss: number;
  /** Log-probability of every token of every datum, under the weights before the next optimizer step. */
  readonly logprobs: readonly (readonly number[])[];
};

export type BackendTokenizer = {
  encode(text: string): readonly number[];
  /** Decodes tokens. `controls: false` omits control tokens, such as the end token of an answer. */
  decode(tokens: Iterable<number>, options?: { readonly controls?: boolean }): string;
};

export type CallOptions = { readonly signal?: AbortSignal };

/** The part of a backend that samples answers. */
export type AnsweringBackend = Pick<TrainingBackend, 'tokenizer' | 'promptTokens' | 'sample'>;

/** A model that scores texts and is not trained. */
export type FrozenModel = Pick<TrainingBackend, 'computeLogprobs'> & AsyncDisposable;

/** A model in training. The caller that opens a backend must dispose of it. */
export interface TrainingBackend extends AsyncDisposable {
  /** The name of the backend in records. */
  readonly name: string;
  /** Number of worker threads; absent if results do not depend on it. */
  readonly workers?: number;
  readonly tokenizer: BackendTokenizer;
  /** Returns the tokens of a prompt in the model's chat template, up to the start of the answer. */
  promptTokens(request: {
    readonly system?: string;
    readonly prompt: string;
    readonly image: boolean;
  }): readonly number[];
  /** Returns the tokens of an answer, including the end token. */
  answerTokens(answer: string): readonly number[];
  /** Samples completions of each query from the current weights. */
  sample(queries: readonly SampleQuery[], options?: CallOptions): Promise<readonly (readonly Sample[])[]>;
  /** Computes the summed loss and adds its gradient to the accumulated gradients. */
  forwardBackward(data: readonly Datum[], loss: LossChoice, options?: CallOptions): Promise<ForwardBackward>;
  /** Updates the weights with the accumulated gradients, and clears them. */
  optimStep(step: { readonly learningRate: number }, options?: CallOptions): Promise<{ readonly gradientNorm: number }>;
  /** Returns the log-probability of every token of every continuation. */
  computeLogprobs(data: readonly Continuation[], options?: CallOptions): Promise<readonly (readonly number[])[]>;
  /** Saves weights and optimizer state, so that training can resume bit for bit. */
  saveState(location: string, options?: CallOptions): Promise<void>;
  loadState(location: string, options?: CallOptions): Promise<void>;
  /** Writes the model for inference, without optimizer state. */
  exportModel(folder: string, about: { readonly description: string; readonly promptForm: PromptForm }): Promise<void>;
}
