/** Parses a server's answer into completions. Lenient where servers differ, strict about the fields in use. */
import { z } from 'zod';
import { GlobeError } from '../../core/errors.ts';
import type { Completion, FinishReason, TokenLogprob } from '../vision-model.ts';

/** Half precision may round the logarithm of 1 to slightly above 0; anything larger is invalid. */
const MAX_LOGPROB = 0.01;

const tokenLogprob = z.object({
  token: z.string(),
  logprob: z
    .number()
    .max(MAX_LOGPROB, { error: ({ input }) => `${String(input)} is not a log-probability: it is above 0` })
    .transform((logprob) => Math.min(0, logprob)),
});

const responseSchema = z.object({
  choices: z.array(
    z.object({
      finish_reason: z.string().nullish(),
      message: z.object({
        content: z.string().nullish(),
        refusal: z.string().nullish(),
        /** vLLM, SGLang, llama.cpp and Ark remove the thinking from the text; newer vLLM calls it `reasoning`. */
        reasoning_content: z.string().nullish(),
        reasoning: z.string().nullish(),
      }),
      logprobs: z
        .object({ content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob).nullish() })).nullish() })
        .nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

type Choice = z.infer<typeof responseSchema>['choices'][number];

/**
 * The completions of one answer: at least one, possibly fewer than requested. Throws a retryable `service` error for
 * anything else.
 */
export function completionsOf(body: unknown): Completion[] {
  const parsed = responseSchema.safeParse(body);
  if (!parsed.success) {
    throw new GlobeError({
      code: 'service',
      message:
        body === undefined || body === null || body === ''
          ? 'The server answered with an empty body.'
          : `The server's answer is not a chat completion: ${z.prettifyError(parsed.error).split('\n')[0]}`,
      hint: 'Check that the base URL is the one of an OpenAI-compatible server (it usually ends in /v1).',
      retryable: true,
    });
  }
  const { choices, usage } = parsed.data;
  if (choices.length === 0) {
    throw new GlobeError({ code: 'service', message: 'The server answered without choices.', retryable: true });
  }
  return choices.map((choice, i) => ({
    text: textOf(choice.message),
    finishReason: finishReason(choice.finish_reason),
    ...logprobsOf(choice),
    // Servers count tokens per call; the first completion carries the count.
    ...(i === 0 &&
      usage && { usage: { promptTokens: usage.prompt_tokens ?? 0, completionTokens: usage.completion_tokens ?? 0 } }),
  }));
}

/** The completion as the model wrote it, with thinking that the server removed. */
function textOf({ content, refusal, reasoning_content, reasoning }: Choice['message']): string {
  const thinking = reasoning_content ?? reasoning ?? '';
  const text = content ?? refusal ?? '';
  return thinking === '' || text.includes('<think>') ? text : `<think>${thinking}</think>${text}`;
}

function finishReason(reason: string | null | undefined): FinishReason {
  if (reason === 'stop' || reason === 'length') return reason;
  return reason === 'content_filter' ? 'content-filter' : 'other';
}

function logprobsOf({ logprobs }: Choice): { logprobs?: TokenLogprob[] } {
  const content = logprobs?.content;
  if (content === undefined || content === null || content.length === 0) return {};
  return {
    logprobs: content.map(({ token, logprob, top_logprobs: top }) => ({
      token,
      logprob,
      ...(top && { top: top.map(({ token, logprob }) => ({ token, logprob })) }),
    })),
  };
}
