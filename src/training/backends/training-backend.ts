/**
 * Where a model's weights live while an algorithm trains it. The primitives are those of the Tinker API, so that one loop drives the
 * embedded model, a hosted cluster or a self-hosted one. Losses are sums over tokens; gradients add up until `optimStep`.
 */
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';

/** What a model continues: an image, perhaps, and the tokens after it. */
export type ModelInput = { readonly image?: PreparedImage; readonly tokens: readonly number[] };

export type SamplingParameters = {
  readonly maxTokens: number;
  /** 1 unless given; 0 is greedy. */
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
  /** Of the tokens, under the model that drew them, before temperature and filters. */
  readonly logprobs: readonly number[];
  readonly finishReason: 'stop' | 'length';
};

/** A prompt and its continuation. */
export type Continuation = { readonly prompt: ModelInput; readonly tokens: readonly number[] };

export type Datum = Continuation & {
  /** Per-token arrays that the loss reads, each as long as `tokens`: weights, advantages, oldLogprobs, … */
  readonly lossInputs: Readonly<Record<string, readonly number[]>>;
};

/** 'cross_entropy', 'importance_sampling', 'ppo', …, and the numbers that replace the loss's defaults. */
export type LossChoice = { readonly name: string; readonly settings?: Readonly<Record<string, number>> };

export type ForwardBackward = {
  /** Sum over all tokens. */
  readonly loss: number;
  /** Of every token of every datum, under the weights that the gradient was taken at. */
  readonly logprobs: readonly (readonly number[])[];
};

export type BackendTokenizer = {
  encode(text: string): readonly number[];
  /** The text; `controls: false` leaves out control tokens, such as the one that ends an answer. */
  decode(tokens: Iterable<number>, options?: { readonly controls?: boolean }): string;
};

export type CallOptions = { readonly signal?: AbortSignal };

/** The part of a backend that draws answers. */
export type AnsweringBackend = Pick<TrainingBackend, 'tokenizer' | 'promptTokens' | 'sample'>;

/** Whoever opens a backend disposes of it. */
export interface TrainingBackend extends AsyncDisposable {
  /** The name that records carry. */
  readonly name: string;
  readonly tokenizer: BackendTokenizer;
  /** The tokens that an answer to this prompt follows, by the model's chat template. */
  promptTokens(request: {
    readonly system?: string;
    readonly prompt: string;
    readonly image: boolean;
  }): readonly number[];
  /** The tokens of a whole answer, its end included. */
  answerTokens(answer: string): readonly number[];
  /** For each query its samples, drawn from the weights as they are now. */
  sample(queries: readonly SampleQuery[], options?: CallOptions): Promise<readonly (readonly Sample[])[]>;
  /** Adds the gradient of the summed loss to what has accumulated. */
  forwardBackward(data: readonly Datum[], loss: LossChoice, options?: CallOptions): Promise<ForwardBackward>;
  /** Steps with the accumulated gradients, and forgets them. */
  optimStep(step: { readonly learningRate: number }, options?: CallOptions): Promise<{ readonly gradientNorm: number }>;
  /** Log-probability of every token of every continuation. */
  computeLogprobs(data: readonly Continuation[], options?: CallOptions): Promise<readonly (readonly number[])[]>;
  /** Keeps weights and optimizer; training goes on from there bit for bit. */
  saveState(location: string, options?: CallOptions): Promise<void>;
  loadState(location: string, options?: CallOptions): Promise<void>;
  /** Writes the trained model for use, without its training state. */
  exportModel(folder: string, about: { readonly description: string; readonly promptForm: PromptForm }): Promise<void>;
}
