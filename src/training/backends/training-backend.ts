/**
 * A training backend holds a model's weights while an algorithm trains it. Its primitives are those of the Tinker API,
 * so that the same loop can train the embedded model and models on a hosted or self-hosted cluster. Losses are sums
 * over tokens; gradients add up until `optimStep`.
 */
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';

/** Input of a model: an optional image, followed by tokens. */
export type ModelInput = { readonly image?: PreparedImage; readonly tokens: readonly number[] };

export type SamplingParameters = {
  readonly maxTokens: number;
  /** 1 by default; 0 is greedy. */
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
  /** Log-probabilities of the tokens under the sampling model, before temperature and filters. */
  readonly logprobs: readonly number[];
  readonly finishReason: 'stop' | 'length';
};

/** A prompt and its continuation. */
export type Continuation = { readonly prompt: ModelInput; readonly tokens: readonly number[] };

export type Datum = Continuation & {
  /** Per-token arrays that the loss reads, each as long as `tokens`: weights, advantages, oldLogprobs, … */
  readonly lossInputs: Readonly<Record<string, readonly number[]>>;
};

/** A loss ('cross_entropy', 'importance_sampling', 'ppo', …) and the settings that override its defaults. */
export type LossChoice = { readonly name: string; readonly settings?: Readonly<Record<string, number>> };

export type ForwardBackward = {
  /** The loss summed over all tokens. */
  readonly loss: number;
  /** Log-probability of every token of every datum, under the weights at which the gradient is taken. */
  readonly logprobs: readonly (readonly number[])[];
};

export type BackendTokenizer = {
  encode(text: string): readonly number[];
  /** Decodes to text; `controls: false` omits control tokens, such as the end of an answer. */
  decode(tokens: Iterable<number>, options?: { readonly controls?: boolean }): string;
};

export type CallOptions = { readonly signal?: AbortSignal };

/** The part of a backend that samples answers. */
export type AnsweringBackend = Pick<TrainingBackend, 'tokenizer' | 'promptTokens' | 'sample'>;

/** The caller that opens a backend must dispose of it. */
export interface TrainingBackend extends AsyncDisposable {
  /** The name of the backend in records. */
  readonly name: string;
  readonly tokenizer: BackendTokenizer;
  /** Tokens of the prompt in the model's chat template, up to the start of the answer. */
  promptTokens(request: {
    readonly system?: string;
    readonly prompt: string;
    readonly image: boolean;
  }): readonly number[];
  /** Tokens of a whole answer, including its end token. */
  answerTokens(answer: string): readonly number[];
  /** Draws the samples of each query from the current weights. */
  sample(queries: readonly SampleQuery[], options?: CallOptions): Promise<readonly (readonly Sample[])[]>;
  /** Adds the gradient of the summed loss to the accumulated gradients. */
  forwardBackward(data: readonly Datum[], loss: LossChoice, options?: CallOptions): Promise<ForwardBackward>;
  /** Updates the weights with the accumulated gradients, and clears them. */
  optimStep(step: { readonly learningRate: number }, options?: CallOptions): Promise<{ readonly gradientNorm: number }>;
  /** Log-probability of every token of every continuation. */
  computeLogprobs(data: readonly Continuation[], options?: CallOptions): Promise<readonly (readonly number[])[]>;
  /** Saves weights and optimizer, so that training resumes bit for bit. */
  saveState(location: string, options?: CallOptions): Promise<void>;
  loadState(location: string, options?: CallOptions): Promise<void>;
  /** Writes the trained model for inference, without its training state. */
  exportModel(folder: string, about: { readonly description: string; readonly promptForm: PromptForm }): Promise<void>;
}
