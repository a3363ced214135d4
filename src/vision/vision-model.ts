/**
 * The interface of all vision-language models: models on servers, in this process, the embedded model, and scripted models
 * for tests. A model receives an image only as a PreparedImage, which has re-encoded pixels and no metadata.
 */
import type { PromptForm } from '../prompts/locate-prompt.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export type GenerateRequest = {
  /** Absent in requests without an image. */
  readonly image?: PreparedImage;
  readonly system?: string;
  readonly prompt: string;
  /** Number of completions, at least 1. A server that does not support `n` gets several calls. */
  readonly samples: number;
  /** 0 means greedy decoding. */
  readonly temperature: number;
  readonly topP?: number;
  readonly maxTokens: number;
  /** Number of alternatives to return for each token, with their log-probabilities. */
  readonly topLogprobs?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** JSON schema that the completion must follow, if the server can enforce it. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  /** If the model enforces choices, the completion is one of these texts. */
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
  /** Tokens of this completion. If the server counts per call, the first completion has the count of the whole call. */
  readonly usage?: Usage;
};

export interface VisionModel {
  /** The model's name in results. */
  readonly name: string;
  /** The form of the locate prompt in the model's training. Absent if the model follows any prompt. */
  readonly promptForm?: PromptForm;
  /** Whether the model enforces the `choice` of a request. Other models ignore it. */
  readonly enforcesChoice?: boolean;
  /** Returns exactly `request.samples` completions, or throws a GlobeError (such as service, timeout or rejected). */
  generate(request: GenerateRequest): Promise<Completion[]>;
}
