/**
 * A model behind any server that speaks OpenAI's chat completions: exactly as many completions as were asked for,
 * whatever the server lacks. How a call reaches the server is transport.ts's work.
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

export { DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT_MS } from './transport.ts';

export type OpenAICompatibleOptions = TransportOptions & {
  readonly model: string;
  /** The name that results carry; BASE_URL#MODEL without credentials by default. */
  readonly name?: string;
  /** What the address tells by default. */
  readonly dialect?: Dialect;
  /** Laid over every request's body; null takes a field away. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** What the server turned out to lack, in a sentence, once. */
  readonly onNotice?: (text: string) => void;
};

/** Rounds in which missing or empty completions are asked for again before the empty ones count as answers. */
const MAX_ROUNDS = 3;
/** How servers say that they make one completion a call. */
const REFUSES_N = /\bn\b['"`]?\s*(?:is not|must be|should be|> ?1|not supported)|only one completion/i;

/** How servers say that they hold no completion to a schema: by the name of the field, in a refusal of the request. */
const REFUSES_SCHEMA = /response_?format|json_?schema|structured_?outputs?|guided_(?:json|decoding)|structured output/i;
const SCHEMA_STATUS = new Set([400, 422]);

export async function openOpenAICompatibleModel(options: OpenAICompatibleOptions): Promise<VisionModel> {
  const { model, extraBody, dialect = dialectOf(options.baseUrl) } = options;
  const name = options.name ?? `${serverName(options.baseUrl)}#${model}`;
  const send = await openTransport(options, dialect);
  /** Set once the server has shown that it returns one completion however many are asked for. */
  let repeats = dialect.samples === 'repeat';
  /** Set once the server has refused a schema: the prompt alone then says what form the answer has. */
  let schemaless = false;

  async function call(request: GenerateRequest, { n, seed }: { n: number; seed: number | undefined }) {
    const { jsonSchema, ...plain } = request;
    const asked = schemaless ? plain : request;
    const encode = (one: GenerateRequest) =>
      encodedRequest(one, { model, dialect, n, seed, ...defined({ extraBody }) });
    try {
      return await send(encode(asked), request.signal);
    } catch (error) {
      if (jsonSchema === undefined || asked === plain || !refusesSchema(error)) throw error;
      if (!schemaless)
        options.onNotice?.(`${name} takes no schema for its answers, and is asked without one: ${messageOf(error)}`);
      schemaless = true;
      return send(encode(plain), request.signal);
    }
  }

  /** Asks for `missing` completions: in one call, or one each. `asked` were asked for before. */
  async function round(request: GenerateRequest, { missing, asked }: { missing: number; asked: number }) {
    // Equal seeds give equal completions, so each call gets one of its own, the same in every run.
    const seedAt = (i: number): number | undefined =>
      request.seed === undefined ? undefined : (request.seed + asked + i) % 2 ** 31;
    if (missing > 1 && !repeats) {
      try {
        const found = await call(request, { n: missing, seed: seedAt(0) });
        if (found.length < missing) repeats = true;
        return found;
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
      // When one of several calls fails for good, the others of this request are of no use.
      const failed = new AbortController();
      using end = firstAbort([request.signal, failed.signal]);
      const linked = { ...request, signal: end.signal };
      const kept: Completion[] = [];
      const empty: Completion[] = [];
      try {
        for (let i = 0, asked = 0; i < MAX_ROUNDS && kept.length < request.samples; i++) {
          const missing = request.samples - kept.length;
          for (const completion of await round(linked, { missing, asked })) {
            (isEmpty(completion) ? empty : kept).push(completion);
          }
          asked += missing;
        }
      } catch (error) {
        failed.abort();
        throw error;
      }
      // What stays empty after all rounds is what the model says: nothing. There are always enough: a call returns
      // at least one completion, and after a call that returned too few each missing one has a call of its own.
      return take([...kept, ...empty], request.samples);
    },
  };
}

/** Servers have no code for it. A content filter may quote the request, whose schema names the field as well. */
const refusesSchema = (error: unknown): boolean =>
  error instanceof RequestRefusedError &&
  !(error instanceof ContentFilterError) &&
  SCHEMA_STATUS.has(error.status) &&
  REFUSES_SCHEMA.test(error.serverText);

const isEmpty = ({ text, finishReason }: Completion): boolean => text.trim() === '' && finishReason === 'stop';

/** The first `count`; the tokens of those left out were paid for, and stay counted on the first. */
function take(completions: readonly Completion[], count: number): Completion[] {
  const [first, ...rest] = completions.slice(0, count);
  const left = completions.slice(count).flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  if (first === undefined || left.length === 0) return completions.slice(0, count);
  return [{ ...first, usage: [first.usage ?? left.pop()!, ...left].reduce(addUsage) }, ...rest];
}
