/**
 * The interface of every vision-language model: remote servers, models in this process, the embedded one, and a
 * scripted one for tests. An image enters only as a PreparedImage, which has re-encoded pixels and no metadata.
 */
import type { PromptForm } from '../prompts/locate-prompt.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export type GenerateRequest = {
  /** Absent for text-only requests (a judge that reads reasoning alone). */
  readonly image?: PreparedImage;
  readonly system?: string;
  readonly prompt: string;
  /** Number of completions; a server without `n` gets repeated calls. At least 1. */
  readonly samples: number;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP?: number;
  readonly maxTokens: number;
  /** Alternatives per position to return with their log-probabilities. */
  readonly topLogprobs?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** JSON schema that the completion must follow, if the server can enforce it. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  /** The completion must be one of these, if the model enforces choices. */
  readonly choice?: readonly string[];
  readonly signal: AbortSignal;
};

export type TokenLogprob = {
  readonly token: string;
  /** Natural logarithm. */
  readonly logprob: number;
  readonly top?: readonly { readonly token: string; readonly logprob: number }[];
};

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'other';

export type Usage = { readonly promptTokens: number; readonly completionTokens: number };

export type Completion = {
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly logprobs?: readonly TokenLogprob[];
  /** Tokens of this completion, or of the whole call on its first completion if the server counts per call. */
  readonly usage?: Usage;
};

export interface VisionModel {
  /** The model's name in results. */
  readonly name: string;
  /** The form of the locate prompt that the model was trained on; absent for models that follow any prompt. */
  readonly promptForm?: PromptForm;
  /** Whether a request's `choice` is enforced; elsewhere it is ignored. */
  readonly enforcesChoice?: boolean;
  /** Exactly `request.samples` completions. Throws a GlobeError (service, timeout, rejected) otherwise. */
  generate(request: GenerateRequest): Promise<Completion[]>;
}
