/**
 * The door to every vision-language model: remote servers, models in this process, the embedded one, and a scripted
 * one for tests. An image enters only as a PreparedImage, which is re-encoded pixels with no metadata block.
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
  /** JSON schema that the completion must follow, where the server can enforce it. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  /** The completion must be one of these, where the model says that it enforces it. */
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
  /** Of this completion; where the server counts only the whole call, on its first completion. */
  readonly usage?: Usage;
};

export interface VisionModel {
  /** The name that results carry. */
  readonly name: string;
  /** The form of the locate prompt that the model was trained on; absent for models that follow any prompt. */
  readonly promptForm?: PromptForm;
  /** Whether a request's `choice` is enforced; elsewhere it is ignored. */
  readonly enforcesChoice?: boolean;
  /** Exactly `request.samples` completions. Throws a GlobeError (service, timeout, rejected) when it cannot. */
  generate(request: GenerateRequest): Promise<Completion[]>;
}
