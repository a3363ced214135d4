/**
 * Parses a server's response into completions. Only the completion itself must be valid. Malformed optional fields are
 * ignored, so that no completion is lost because of them.
 */
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import type { Completion, FinishReason, TokenLogprob } from '../vision-model.ts';
import { messageText, plainText } from './message-text.ts';

/** In half precision, the logarithm of 1 may be slightly above 0. A log-probability above this limit is invalid. */
const MAX_LOGPROB = 0.01;

/** Makes a field optional. A field that is null or does not match the schema counts as absent. */
const lenient = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

/** A log-probability may be null: servers write null for the logarithm of 0, because JSON has no −∞. */
const tokenLogprob = z.object({ token: z.string(), logprob: lenient(z.number()) });
const tokenCount = z.coerce.number().nonnegative().catch(0);

const choiceSchema = z.object({
  finish_reason: lenient(z.string()),
  message: lenient(z.record(z.string(), z.unknown())),
  /** The text of the completion in the legacy completions API. */
  text: lenient(z.string()),
  error: z.unknown().optional(),
  logprobs: lenient(z.object({ content: z.array(tokenLogprob.extend({ top_logprobs: z.unknown().optional() })) })),
});

const responseSchema = z.object({
  choices: z.array(z.unknown()).nullish(),
  usage: lenient(z.object({ prompt_tokens: tokenCount, completion_tokens: tokenCount })),
});

type Choice = z.infer<typeof choiceSchema>;

/** The server's response has HTTP status 200 but reports a failure. */
export class ReportedError extends Error {
  /** The HTTP status inside the failure report, if there is one. */
  readonly status: number | undefined;
  readonly report: unknown;

  constructor(report: unknown) {
    super(reportText(report));
    this.report = report;
    const fields = typeof report === 'object' && report !== null ? (report as Record<string, unknown>) : {};
    const status = [fields['code'], fields['status']].map(Number).find((code) => code >= 400 && code < 600);
    this.status = status;
  }
}

/**
 * Returns the message of the failure report. Includes the message of the provider behind a gateway (OpenRouter's
 * `metadata.raw`).
 */
function reportText(report: unknown): string {
  if (typeof report === 'string') return report;
  const parsed = z
    .looseObject({ message: lenient(z.string()), metadata: lenient(z.object({ raw: lenient(z.string()) })) })
    .safeParse(report);
  const words = [parsed.data?.message, parsed.data?.metadata?.raw].filter(Boolean).join(': ');
  return words === '' ? JSON.stringify(report) : words;
}

/**
 * Returns the completions of one response: at least one, and possibly fewer than requested. Throws a ReportedError if
 * the response reports a failure, and a retryable `service` error if the response is malformed.
 */
export function completionsOf(answer: unknown): Completion[] {
  const parsed = responseSchema.safeParse(answer);
  const failure = reportedFailure(answer);
  if (!parsed.success || (failure !== undefined && !parsed.data.choices?.length)) {
    throw failure === undefined ? notChat(answer, parsed.error) : new ReportedError(failure);
  }
  const { choices, usage } = parsed.data;
  const failures: unknown[] = [];
  const completions = (choices ?? []).flatMap((value): Completion[] => {
    const choice = choiceSchema.safeParse(value);
    if (!choice.success) return [];
    const failed = failureOf(choice.data);
    if (failed === undefined) return completionOf(choice.data);
    failures.push(failed);
    return [];
  });
  if (completions.length === 0) throw failures.length > 0 ? new ReportedError(failures[0]) : withoutChoices(choices);
  // Servers count tokens per call, so the first completion has the count of the whole call.
  const counted = usage && { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
  return completions.map((completion, i) => ({ ...completion, ...(i === 0 && counted && { usage: counted }) }));
}

/** Finds a failure report: `{error}`, vLLM's `{object: "error", message}` or FastAPI's `{detail}`. */
function reportedFailure(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { error, object, type, detail } = answer as Record<string, unknown>;
  if (error !== undefined && error !== null) return error;
  if (object === 'error' || type === 'error') return answer;
  return detail ?? undefined;
}

/** Finds a failure report inside a choice, where OpenRouter reports the outage of a provider. */
function failureOf(choice: Choice): unknown {
  if (choice.error !== undefined && choice.error !== null) return choice.error;
  return choice.finish_reason === 'error' ? { message: 'The provider failed while it answered.' } : undefined;
}

function completionOf(choice: Choice): Completion[] {
  const { message, text, finish_reason: reason } = choice;
  const finishReason = finishReasonOf(reason);
  if (!message && !text && finishReason !== 'content-filter') return [];
  const ended = finishReason === 'stop' || finishReason === 'other';
  const written = message ? messageText(message, { ended }) : '';
  return [{ text: written || (text ?? ''), finishReason, ...defined({ logprobs: logprobsOf(choice) }) }];
}

function finishReasonOf(reason: string | null | undefined): FinishReason {
  if (reason === 'stop' || reason === 'length') return reason;
  return reason === 'content_filter' ? 'content-filter' : 'other';
}

type Alternative = { readonly token: string; readonly logprob: number };

/**
 * Returns the log-probabilities of all tokens. Returns none if one is missing, because the others would then be at
 * wrong positions.
 */
function logprobsOf({ logprobs }: Choice): TokenLogprob[] | undefined {
  const content = logprobs?.content ?? [];
  const tokens = content.map(({ token, logprob, top_logprobs: alternatives }): Partial<TokenLogprob> => {
    const entries = z.array(tokenLogprob.nullable().catch(null)).safeParse(alternatives).data;
    const top = entries?.flatMap((entry) =>
      typeof entry?.logprob === 'number' ? [valid(entry.token, entry.logprob)] : [],
    );
    const own = logprob ?? top?.find((other) => other.token === token)?.logprob;
    return typeof own === 'number' ? { ...valid(token, own), ...defined({ top }) } : {};
  });
  const complete = tokens.length > 0 && tokens.every((token) => token.token !== undefined);
  return complete ? (tokens as TokenLogprob[]) : undefined;
}

/** Throws a retryable `service` error if the number cannot be a log-probability. */
function valid(token: string, logprob: number): Alternative {
  if (logprob <= MAX_LOGPROB) return { token, logprob: Math.min(0, logprob) };
  const message = `The server returned an invalid log-probability: ${logprob}. It must be at most 0.`;
  throw new GlobeError({ code: 'service', message, retryable: true });
}

function notChat(answer: unknown, error: z.ZodError | undefined): GlobeError {
  const why = error === undefined ? '' : z.prettifyError(error).split('\n')[0];
  const wrong =
    typeof answer === 'string' ? `is not JSON: ${answer.slice(0, 100)}` : `is not a chat completion: ${why}`;
  return new GlobeError({
    code: 'service',
    message:
      answer === undefined || answer === null
        ? 'The server answered with an empty body.'
        : `The server's answer ${wrong}`,
    hint: 'Check that the base URL belongs to an OpenAI-compatible server (it usually ends in /v1).',
    retryable: true,
  });
}

function withoutChoices(choices: readonly unknown[] | null | undefined): GlobeError {
  const first = choices?.[0];
  const message =
    first === undefined
      ? 'The server answered without choices.'
      : `The server answered with a choice that has no message: ${(plainText(first) || JSON.stringify(first)).slice(0, 200)}`;
  return new GlobeError({ code: 'service', message, retryable: true });
}
