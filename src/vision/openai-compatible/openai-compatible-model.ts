/**
 * A model on any server with OpenAI's chat completions API. It returns exactly the requested number of completions,
 * even if the server returns only one per call. transport.ts sends the requests.
 */
import { firstAbort } from '../../service/first-abort.ts';
import { defined } from '../../core/defined.ts';
import { messageOf } from '../../core/errors.ts';
import { addUsage } from '../cost.ts';
import { ContentFilterError, RequestRefusedError } from '../request-refusal.ts';
import type { Completion, GenerateRequest, VisionModel } from '../vision-model.ts';
import { dialectOf } from './dialects.ts';
import type { Dialect } from './dialects.ts';
import { checkRequest, encodedRequest } from './request-body.ts';
import { openTransport, serverName } from './transport.ts';
import type { TransportOptions } from './transport.ts';

export { DEFAULT_CONCURRENCY } from './transport.ts';

export type OpenAICompatibleOptions = TransportOptions & {
  readonly model: string;
  /** The model's name in results. The default is BASE_URL#MODEL without credentials. */
  readonly name?: string;
  /** The server's dialect. The default depends on the address. */
  readonly dialect?: Dialect;
  /** Fields merged into the body of every request. Null removes a field. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Called with a sentence about each feature that the server does not support. */
  readonly onNotice?: (text: string) => void;
};

/**
 * Maximum number of rounds of requests to replace empty completions. After the last round, empty completions count as
 * answers.
 */
const MAX_ROUNDS = 3;
/** Matches error messages which state that the server returns only one completion per call. */
const REFUSES_N = /\bn\b['"`]?\s*(?:is not|must be|should be|> ?1|not supported)|only one completion/i;

/** Matches the error messages of servers that do not support schemas. They name the schema's field. */
const REFUSES_SCHEMA = /response_?format|json_?schema|structured_?outputs?|guided_(?:json|decoding)|structured output/i;
/** HTTP statuses of errors that reject a schema. `transformers serve` responds with 501. */
const SCHEMA_STATUS = new Set([400, 422, 501]);

export async function openOpenAICompatibleModel(options: OpenAICompatibleOptions): Promise<VisionModel> {
  const { model, extraBody, dialect = dialectOf(options.baseUrl) } = options;
  const name = options.name ?? `${serverName(options.baseUrl)}#${model}`;
  const send = await openTransport(options, dialect);
  /** True once the server has returned only one completion for an `n` above 1, or rejected `n`. */
  let repeats = dialect.samples === 'repeat';
  /** True once the server has rejected a schema. From then on, only the prompt describes the form of the answer. */
  let schemaless = false;

  async function call(request: GenerateRequest, { n, seed }: { n: number; seed: number | undefined }) {
    const { jsonSchema, ...plain } = request;
    const sent = schemaless ? plain : request;
    const encode = (one: GenerateRequest) =>
      encodedRequest(one, { model, dialect, n, seed, ...defined({ extraBody }) });
    try {
      return await send(encode(sent), request.signal);
    } catch (error) {
      if (jsonSchema === undefined || sent === plain || !refusesSchema(error)) throw error;
      if (!schemaless)
        options.onNotice?.(
          `${name} does not support answer schemas, so requests continue without one: ${messageOf(error)}`,
        );
      schemaless = true;
      return send(encode(plain), request.signal);
    }
  }

  /**
   * Requests `missing` completions, either all in one call or each in its own call. `requested` is the number of
   * completions that earlier rounds requested.
   */
  async function round(request: GenerateRequest, { missing, requested }: { missing: number; requested: number }) {
    // Equal seeds give equal completions, so each call has its own seed. The seeds are the same in every run.
    const seedAt = (i: number): number | undefined =>
      request.seed === undefined ? undefined : (request.seed + requested + i) % 2 ** 31;
    if (missing > 1 && !repeats) {
      try {
        const completions = await call(request, { n: missing, seed: seedAt(0) });
        if (completions.length < missing) repeats = true;
        return completions;
      } catch (error) {
        if (!(error instanceof RequestRefusedError && REFUSES_N.test(error.serverText))) throw error;
        repeats = true;
      }
    }
    const calls = Array.from({ length: missing }, async (_, i) => call(request, { n: 1, seed: seedAt(i) }));
    return (await Promise.all(calls)).flatMap((found) => found.slice(0, 1));
  }

  return {
    name,
    enforcesChoice: dialect.choice !== 'none',
    generate: async (request) => {
      checkRequest(request, dialect);
      // If a call fails permanently, abort the other calls, because their completions would not be used.
      const failed = new AbortController();
      using end = firstAbort([request.signal, failed.signal]);
      const linked = { ...request, signal: end.signal };
      const nonEmpty: Completion[] = [];
      const empty: Completion[] = [];
      try {
        for (let i = 0, requested = 0; i < MAX_ROUNDS && nonEmpty.length < request.samples; i++) {
          const missing = request.samples - nonEmpty.length;
          for (const completion of await round(linked, { missing, requested })) {
            (isEmpty(completion) ? empty : nonEmpty).push(completion);
          }
          requested += missing;
        }
      } catch (error) {
        failed.abort();
        throw error;
      }
      // Completions that are still empty after all rounds count as answers. There are always enough completions: each
      // call returns at least one, and after a call that returns too few, each missing completion has its own call.
      return take([...nonEmpty, ...empty], request.samples);
    },
  };
}

/**
 * Servers have no error code for a rejected schema, so the message decides. A content filter is excluded, because its
 * message may quote the request.
 */
const refusesSchema = (error: unknown): boolean =>
  error instanceof RequestRefusedError &&
  !(error instanceof ContentFilterError) &&
  SCHEMA_STATUS.has(error.status) &&
  REFUSES_SCHEMA.test(error.serverText);

const isEmpty = ({ text, finishReason }: Completion): boolean => text.trim() === '' && finishReason === 'stop';

/**
 * Keeps the first `count` completions. Adds the tokens of the other completions to the first, because they also cost
 * money.
 */
function take(completions: readonly Completion[], count: number): Completion[] {
  const [first, ...rest] = completions.slice(0, count);
  const left = completions.slice(count).flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  if (first === undefined || left.length === 0) return completions.slice(0, count);
  return [{ ...first, usage: [first.usage ?? left.pop()!, ...left].reduce(addUsage) }, ...rest];
}
