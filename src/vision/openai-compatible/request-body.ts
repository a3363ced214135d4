/** Builds the body of one chat completion request in the server's dialect. Has no side effects. */
import { randomUUID } from 'node:crypto';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { dataUriBytes } from '../data-uri.ts';
import type { GenerateRequest } from '../vision-model.ts';
import type { Dialect } from './dialects.ts';
import type { Pieces } from './transport.ts';

export type RequestBodyOptions = {
  readonly model: string;
  readonly dialect: Dialect;
  /** Number of completions to request in this call. */
  readonly n: number;
  readonly seed: number | undefined;
  /** Fields merged into the body. Null removes a field. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
};

/**
 * Encodes a request as pieces of JSON. The image is a separate piece, which all requests share. Otherwise
 * JSON.stringify would search a quarter of a megabyte of image text for characters to escape, in every request.
 */
export function encodedRequest(request: GenerateRequest, options: RequestBodyOptions): Pieces {
  const json = JSON.stringify(requestBody(request, options));
  if (request.image === undefined) return [Buffer.from(json)];
  const at = json.indexOf(IMAGE_MARK);
  const [before, after] = [json.slice(0, at), json.slice(at + IMAGE_MARK.length)];
  return [Buffer.from(before), dataUriBytes(request.image), Buffer.from(after)];
}

/** Placeholder for the image's data URI. It is random, so that no prompt contains it by chance. */
const IMAGE_MARK = randomUUID();

/** Returns the request's body, with IMAGE_MARK in place of the image. */
export function requestBody(request: GenerateRequest, options: RequestBodyOptions): Record<string, unknown> {
  const { model, dialect, n, seed, extraBody } = options;
  const body: Record<string, unknown> = {
    model,
    messages: messages(request),
    temperature: request.temperature,
    [dialect.maxTokensField]: request.maxTokens,
    ...defined({ top_p: request.topP }),
    ...(n > 1 && { n }),
    ...(seed !== undefined && dialect.seed && { seed }),
    ...defined({ stop: request.stop }),
    ...(request.topLogprobs !== undefined &&
      dialect.maxTopLogprobs > 0 && { logprobs: true, top_logprobs: request.topLogprobs }),
    ...structuredOutput(request.jsonSchema, dialect),
    ...oneOf(request.choice, dialect),
    ...extraBody,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** Throws `invalid-input` for errors that can be detected before the request is sent. */
export function checkRequest(request: GenerateRequest, dialect: Dialect): void {
  if (!Number.isInteger(request.samples) || request.samples < 1) {
    throw invalidInput(`Invalid number of samples: ${request.samples}.`, 'Use a whole number, at least 1.');
  }
  if (!(request.temperature >= 0 && request.temperature <= dialect.maxTemperature)) {
    throw invalidInput(
      `Temperature ${request.temperature} is out of range: ${dialect.name} servers accept 0 to ${dialect.maxTemperature}.`,
    );
  }
  if (dialect.maxTopLogprobs > 0 && (request.topLogprobs ?? 0) > dialect.maxTopLogprobs) {
    throw invalidInput(
      `${request.topLogprobs} log-probabilities per token were requested; ${dialect.name} servers return at most ${dialect.maxTopLogprobs}.`,
    );
  }
}

/** Puts the image before the text, because models were trained in this order. */
function messages({ image, system, prompt }: GenerateRequest): unknown[] {
  const content =
    image === undefined
      ? prompt
      : [
          { type: 'image_url', image_url: { url: IMAGE_MARK } },
          { type: 'text', text: prompt },
        ];
  return [...(system === undefined ? [] : [{ role: 'system', content: system }]), { role: 'user', content }];
}

function structuredOutput(
  schema: GenerateRequest['jsonSchema'],
  { structured }: Dialect,
): Record<string, unknown> | undefined {
  if (schema === undefined) return undefined;
  switch (structured) {
    case 'json_schema':
      return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } };
    case 'structured_outputs':
      return { structured_outputs: { json: schema } };
    case 'guided_json':
      return { guided_json: schema };
    case 'none':
      return undefined;
  }
  return structured satisfies never;
}

/**
 * Characters that choices may contain. They need no escaping, either in a grammar's string or in a regular expression.
 */
const PLAIN = /^[\p{L}\p{N} ]+$/u;

function oneOf(choice: GenerateRequest['choice'], dialect: Dialect): Record<string, unknown> | undefined {
  if (choice === undefined) return undefined;
  switch (dialect.choice) {
    case 'structured_outputs':
      return { structured_outputs: { choice } };
    case 'guided_choice':
      return { guided_choice: choice };
    case 'regex':
      return { regex: `(${plain(choice).join('|')})` };
    case 'grammar':
      return {
        grammar: `root ::= ${plain(choice)
          .map((word) => `"${word}"`)
          .join(' | ')}`,
      };
    case 'none':
      return undefined;
  }
  return dialect.choice satisfies never;
}

function plain(choice: readonly string[]): readonly string[] {
  const odd = choice.find((word) => !PLAIN.test(word));
  if (odd === undefined) return choice;
  throw invalidInput(`"${odd}" cannot be a choice: it contains characters other than letters, digits and spaces.`);
}
