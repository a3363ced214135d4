/**
 * Rewards from a reward service (`globe serve`, or a compatible one), for a trainer that runs on another machine than
 * the judge or the gazetteer. The service decides the mode and the weights. If the service cannot score a row in time,
 * the row is unscored with its reason, never 0. If `patienceMs` is set, the caller waits during an outage instead.
 */
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { type Score, scored, unscored } from '../core/score.ts';
import { callService, jsonOf, type ServiceCall } from '../service/call-service.ts';
import type { Clock } from '../service/clock.ts';
import { keepSecret } from '../service/redact.ts';
import { addressProblem } from '../service/service-address.ts';
import { type RetryEvent, type RetryPolicy, withRetry } from '../service/retry.ts';
import type { CombinedReward, TotalReward } from './combine.ts';
import { inRewardOrder, readsInput } from './registry.ts';
import { REWARD_MODES, type RewardDetail, type RewardInput } from './reward.ts';
import type { RewardWeights } from './reward-definition.ts';
import { RewardOutageError } from './reward-outage.ts';

export type ServiceRewardOptions = {
  /** The base URL of the service, such as http://127.0.0.1:8700. */
  readonly url: string;
  /** Bearer token for scoring requests. */
  readonly token?: string;
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly onRetry?: (event: RetryEvent) => void;
  /**
   * How long `score` waits for a service that is down, in ms. After this time, `score` rejects. If the option is
   * absent, rows become unscored instead.
   */
  readonly patienceMs?: number;
  /** Receives a message when a wait for the service begins and when it ends. */
  readonly onNotice?: (text: string) => void;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
};

const DEFAULT_TIMEOUT_MS = 120_000;
/** Pause before a retry of unscored rows, if the service does not specify one. */
const DEFAULT_WAIT_MS = 1000;
/** Pause between rounds of retries while the service is down. */
const OUTAGE_PAUSE_MS = 10_000;
/**
 * Maximum number of rows in a request, and of base64 characters in their images. Both are well below a service's
 * limits.
 */
const MAX_ROWS = 256;
const MAX_IMAGE_CHARACTERS = 16_000_000;

const describedSchema = z.object({
  mode: z.string(),
  weights: z.record(z.string(), z.number()),
});

const answerSchema = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      components: z.record(z.string(), z.number().nullable()),
      total: z.number().nullable(),
      error: z.string().optional(),
    }),
  ),
});
type AnsweredRow = z.infer<typeof answerSchema>['rows'][number];

/**
 * Reads the service's mode and weights. Throws `service` if the service does not respond, and `rejected` if it refuses
 * the request.
 */
export async function serviceReward(
  options: ServiceRewardOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<CombinedReward> {
  const problem = addressProblem(options.url);
  if (problem !== undefined) {
    throw invalidInput(
      `Invalid address of the reward service: ${problem}.`,
      'Use http://HOST:PORT, and put a token into the environment variable GLOBE_TOKEN.',
    );
  }
  keepSecret(options.token);
  const { body } = await withRetry(() => ask(options, { path: '/v1/reward', signal }), retrying(options, signal));
  const described = describedSchema.safeParse(body);
  if (!described.success) throw misshapen(options, described.error);
  const { mode, weights } = described.data;
  const sendsImages = readsInput(weights, 'image', REWARD_MODES.find((name) => name === mode) ?? 'verified');
  return {
    name: `${options.url} (${mode}: ${Object.entries(weights)
      .map(([name, weight]) => `${weight}·${name}`)
      .join(' + ')})`,
    weights,
    score: async (batch, { signal }) => {
      const totals: TotalReward[] = [];
      for (const part of parts(batch, sendsImages)) {
        totals.push(...(await scorePart(part, { options, weights, sendsImages, signal })));
      }
      return totals;
    },
  };
}

type Part = {
  readonly options: ServiceRewardOptions;
  readonly weights: RewardWeights;
  readonly sendsImages: boolean;
  readonly signal: AbortSignal;
};

/** Sends requests until every row has a total or the retries are used up. Rows that have a total are not sent again. */
async function scorePart(inputs: readonly RewardInput[], part: Part): Promise<TotalReward[]> {
  const { options, weights, sendsImages, signal } = part;
  const answers = new Map<number, AnsweredRow>();
  let trouble = '';
  /** True if the last response scored some rows. The service is then up, so its unscored rows are not an outage. */
  let isUp = false;
  try {
    await outlast(
      async () => {
        isUp = false;
        const open = inputs.map((_, i) => i).filter((i) => answers.get(i)?.total == null);
        const rows = open.map((i) => wireRow(inputs[i]!, { id: String(i), sendsImages }));
        const { body, retryAfterMs } = await ask(options, { path: '/v1/score', body: { rows }, signal });
        const parsed = answerSchema.safeParse(body);
        if (!parsed.success) throw misshapen(options, parsed.error);
        for (const row of parsed.data.rows) if (open.includes(Number(row.id))) answers.set(Number(row.id), row);
        if (retryAfterMs === undefined) return;
        isUp = parsed.data.rows.some(({ total }) => total !== null);
        throw new GlobeError({
          code: 'service',
          message: `${options.url} left some rows unscored.`,
          retryable: true,
          retryAfterMs,
        });
      },
      { ...options, isOutage: () => !isUp },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RewardOutageError) throw error;
    // Rows without a total stay unscored, because a score of 0 would make training learn from the outage.
    trouble = messageOf(error);
  }
  return inputs.map((_, i) => totalReward(answers.get(i), { weights, trouble }));
}

/** Runs the task in rounds of retries, with a pause between rounds. Throws `RewardOutageError` after `patienceMs`. */
async function outlast(
  task: () => Promise<void>,
  options: ServiceRewardOptions & { readonly isOutage: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { url, clock, patienceMs, isOutage, onNotice } = options;
  const sinceMs = clock.now();
  for (let round = 0; ; round++) {
    try {
      await withRetry(task, retrying(options, signal));
      if (round > 0) onNotice?.(`${url} answers again after ${Math.round((clock.now() - sinceMs) / 1000)} s.`);
      return;
    } catch (error) {
      if (patienceMs === undefined || !(error instanceof GlobeError) || !error.retryable || !isOutage()) throw error;
      if (clock.now() - sinceMs >= patienceMs) throw new RewardOutageError({ url, patienceMs, cause: error });
      const minutes = Math.round(patienceMs / 60_000);
      if (round === 0)
        onNotice?.(`${error.message} Training waits for rewards, at most ${minutes} minutes (--patience).`);
      await clock.sleep(OUTAGE_PAUSE_MS, signal);
    }
  }
}

const retrying = ({ clock, random, retry, onRetry }: ServiceRewardOptions, signal: AbortSignal) => ({
  clock,
  random,
  signal,
  onRetry,
  ...(retry && { policy: retry }),
});

function wireRow(
  { completion, completionTokens, cutOff, truth, truthCoordinate, elements, texts, entityTags, image }: RewardInput,
  { id, sendsImages }: { readonly id: string; readonly sendsImages: boolean },
): Record<string, unknown> {
  return {
    id,
    completion,
    solution: { country: truth.country, ...defined({ city: truth.city }) },
    ...defined({ completion_tokens: completionTokens }),
    ...(cutOff === true && { finish_reason: 'length' }),
    ...(truthCoordinate && {
      coordinate: { latitude: truthCoordinate.latitudeDegrees, longitude: truthCoordinate.longitudeDegrees },
    }),
    ...(elements && { elements: elements.map(({ label, share }) => ({ label, share })) }),
    ...(texts && { texts }),
    ...(entityTags && { entities: entityTags }),
    ...(image && sendsImages && { images: [{ base64: Buffer.from(image.bytes).toString('base64') }] }),
  };
}

function totalReward(
  row: AnsweredRow | undefined,
  { weights, trouble }: { readonly weights: RewardWeights; readonly trouble: string },
): TotalReward {
  if (row === undefined)
    return { components: {}, total: unscored(trouble || 'the service returned no result for the row') };
  const reason = row.error ?? (trouble || 'the service gave no reason');
  const components: Record<string, Score<RewardDetail>> = {};
  for (const name of inRewardOrder(Object.keys(row.components))) {
    const value = row.components[name];
    if (value !== undefined && (weights[name] ?? 0) !== 0) {
      components[name] = value === null ? unscored(reason) : scored(value);
    }
  }
  return { components, total: row.total === null ? unscored(reason) : scored(row.total) };
}

function* parts(batch: readonly RewardInput[], sendsImages: boolean): Generator<RewardInput[]> {
  let part: RewardInput[] = [];
  let characters = 0;
  for (const input of batch) {
    const own = sendsImages ? Math.ceil(((input.image?.bytes.length ?? 0) * 4) / 3) : 0;
    if (part.length > 0 && (part.length === MAX_ROWS || characters + own > MAX_IMAGE_CHARACTERS)) {
      yield part;
      [part, characters] = [[], 0];
    }
    part.push(input);
    characters += own;
  }
  if (part.length > 0) yield part;
}

type ServiceRequest = { readonly path: string; readonly body?: unknown; readonly signal: AbortSignal };
/** `retryAfterMs` is present if the service left rows unscored and requested a retry. */
type ServiceAnswer = { readonly body: unknown; readonly retryAfterMs?: number };

async function ask(
  { url, token, timeoutMs = DEFAULT_TIMEOUT_MS, fetch, clock }: ServiceRewardOptions,
  { path, body, signal }: ServiceRequest,
): Promise<ServiceAnswer> {
  const call: ServiceCall = {
    url: `${url.replace(/\/+$/u, '')}${path}`,
    request: {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    title: url,
    secrets: [token],
    timeoutMs,
    hint: 'Check that the reward service is running (globe serve) and that its URL is right.',
    hintOf: (status) => (status === 401 ? 'Set the environment variable GLOBE_TOKEN to its token.' : undefined),
    isAnswer: (status, text) => status === 503 && text.includes('"rows"'),
    fetch,
    clock,
    signal,
  };
  const answer = await callService(call);
  const { status, retryAfterMs = DEFAULT_WAIT_MS } = answer;
  return { body: jsonOf(answer, call), ...(status === 503 && { retryAfterMs }) };
}

function misshapen({ url }: ServiceRewardOptions, error: z.ZodError): GlobeError {
  return new GlobeError({
    code: 'service',
    message: `The response from ${url} is not a valid reward service response: ${z.prettifyError(error).replaceAll('\n', ' ')}`,
    hint: 'Use `globe serve`, or a service with the same API (GET /openapi.json of `globe serve`).',
  });
}
