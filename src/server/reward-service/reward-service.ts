/**
 * The reward service: rewards over HTTP, for trainers in any language. Rows are returned in order, with their ids. If a
 * row could not be measured, its total is null and it has a reason. If totals are missing because the judge failed, the
 * answer is 503 with Retry-After, so that a trainer waits instead of learning from missing rewards.
 */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { defined } from '../../core/defined.ts';
import { MAX_SERVICE_PIXELS } from '../../image/limits.ts';
import { bodiesUpTo } from '../body-limits.ts';
import { keepSecret, redact, withoutSecrets } from '../../service/redact.ts';
import { rewardMetrics } from './metrics.ts';
import type { RequestBody, RequestFormat } from './read-request.ts';
import {
  describedRewardSchema,
  errorSchema,
  openRlhfResponseSchema,
  scoreResponseSchema,
  stateSchema,
} from './protocol.ts';
import { requestReader } from './request-reader.ts';
import { MAX_ROWS, openRlhfRequestSchema, rowSchema, scoreRequestSchema } from './request-schema.ts';
import { isTemporary, rewardOf, scoreRows, type ScoredRows, type Scoring } from './score-rows.ts';

export type RewardServiceOptions = {
  readonly scoring: Scoring;
  /** Bearer token that every scoring request must contain. */
  readonly token?: string;
  readonly maxBodyBytes: number;
  readonly log: Logger;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
};

const json = <S>(schema: S, description: string) => ({ description, content: { 'application/json': { schema } } });

type InvalidBody = Extract<RequestBody, { kind: 'invalid' }>;
const RETRY_AFTER = { 'Retry-After': { schema: { type: 'integer' as const }, required: true } };

/** Describes an answer after which the client may repeat the request later. */
const temporary = <S>(schema: S, description: string) => ({ ...json(schema, description), headers: RETRY_AFTER });

/** Answers to requests that do not reach their route, and answers to internal errors. */
const COMMON_RESPONSES = {
  400: json(errorSchema, 'The Host header, the path or the body is invalid.'),
  401: json(errorSchema, 'The bearer token is missing or wrong.'),
  403: json(errorSchema, 'The service listens on loopback, and the Host or Origin header names another site.'),
  405: json(errorSchema, 'The path has another method: see Allow.'),
  413: json(errorSchema, 'The request is larger than the limit.'),
  500: json(errorSchema, 'Internal error.'),
};

/**
 * Returns a reference to a schema, for the API description. The routes do not validate bodies, because `requestReader`
 * does that.
 */
const body = (name: string) => ({
  required: true,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});

const UNSUPPORTED = json(errorSchema, 'The body is not declared as application/json.');

const scoreRoute = createRoute({
  method: 'post',
  path: '/v1/score',
  summary: 'Score completions',
  request: { body: body('ScoreRequest') },
  responses: {
    200: json(scoreResponseSchema, 'Every row, in the order of the request.'),
    ...COMMON_RESPONSES,
    400: json(errorSchema, 'The request does not fit the schema.'),
    415: UNSUPPORTED,
    503: temporary(
      z.union([scoreResponseSchema, errorSchema]),
      'The judge failed or the time was over: rows with a total keep it; retry the others. Or the service is busy: retry all.',
    ),
  },
});

const describeRoute = createRoute({
  method: 'get',
  path: '/v1/reward',
  summary: 'Describe the reward: mode and weights',
  responses: {
    200: json(describedRewardSchema, 'Mode of the components and the weight of each in the total.'),
    ...COMMON_RESPONSES,
  },
});

const openRlhfRoute = createRoute({
  method: 'post',
  path: '/get_reward',
  summary: 'Score completions in the format of OpenRLHF',
  request: { body: body('OpenRlhfRequest') },
  responses: {
    200: json(openRlhfResponseSchema, 'One reward per query.'),
    ...COMMON_RESPONSES,
    400: json(errorSchema, 'The request does not fit the schema.'),
    415: UNSUPPORTED,
    422: json(errorSchema, 'A row can never be scored, and this format cannot express a missing reward.'),
    503: temporary(errorSchema, 'A row could not be scored because the judge failed: retry the request.'),
  },
});

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the service runs',
  security: [],
  responses: { 200: json(stateSchema, 'The service runs.'), ...COMMON_RESPONSES },
});

const readyRoute = createRoute({
  method: 'get',
  path: '/ready',
  summary: 'Whether the judge answers',
  security: [],
  responses: {
    200: json(stateSchema, 'Requests can be scored.'),
    ...COMMON_RESPONSES,
    503: temporary(stateSchema, 'The judge is down. A service without a token also gives the reason.'),
  },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Metrics for Prometheus',
  responses: {
    200: { description: 'Text in the format of Prometheus.', content: { 'text/plain': { schema: z.string() } } },
    ...COMMON_RESPONSES,
  },
});

/** Creates the service. Throws `invalid-input` if the weights need inputs that are missing, such as a judge. */
export function rewardService(options: RewardServiceOptions): OpenAPIHono {
  const { scoring, token, maxBodyBytes, log, now } = options;
  const { judge, verifier } = scoring;
  const retryAfter = String(Math.max(1, ...[judge, verifier].map((model) => model?.retryAfterSeconds ?? 1)));
  const trouble = (): string | undefined => judge?.trouble() ?? verifier?.trouble();
  keepSecret(token);
  // Creates a reward once at startup, so that a missing judge or missing limits fail here instead of at each request.
  const never = new AbortController().signal;
  rewardOf(scoring, { judge: judge?.within(never).model, verifier: verifier?.within(never).model });
  const metrics = rewardMetrics({ judge, weights: scoring.weights });
  const reader = requestReader();
  const app = new OpenAPIHono();

  /** Reads and scores a request. The deadline counts from when the request's body has arrived. */
  const scored = async (c: Context, format: RequestFormat): Promise<ScoredRows | InvalidBody> => {
    let start = now();
    const request = await reader.read(c.req.raw, { format, onBody: () => (start = now()) });
    if (request.kind === 'invalid') return request;
    const { rows, detail } = request;
    const result = await scoreRows({ rows, detail, elapsedMs: now() - start }, scoring, c.req.raw.signal);
    const seconds = (now() - start) / 1000;
    metrics.observe({
      totals: result.totals,
      groups: rows.map((read) => (read.kind === 'valid' ? read.row.sample_id : undefined)),
      seconds,
    });
    const unscored = result.rows.filter(({ total }) => total === null).length;
    const judgeTrouble = trouble();
    log.info({ rows: rows.length, unscored, seconds, ...defined({ judgeTrouble }) }, 'scored');
    return result;
  };

  app.use(bodiesUpTo(maxBodyBytes));
  if (token !== undefined) {
    for (const path of ['/v1/*', '/get_reward', '/metrics']) app.use(path, bearerAuth({ token }));
  }
  for (const [path, method] of Object.entries(METHODS)) app.use(path, onlyMethod(method));
  for (const path of ['/v1/score', '/get_reward']) app.use(path, onlyJson);
  app.onError((error, c) => {
    // The client closed the connection before the end of the body, so nobody reads this answer.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET')
      return c.json({ error: 'The request ended early.' }, 400);
    const status = error instanceof HTTPException ? error.status : 500;
    if (status === 500) log.error({ error: error.message }, 'failed');
    return c.json({ error: redact(error.message) || 'unauthorized' }, status);
  });

  app.openapi(scoreRoute, async (c) => {
    const result = await scored(c, 'score');
    if ('kind' in result) return c.json({ error: result.error }, result.status);
    const { rows, reward, judgeFailed } = result;
    if (!judgeFailed) return c.json({ rows, reward }, 200);
    c.header('Retry-After', retryAfter);
    return c.json({ rows, reward }, 503);
  });

  app.openapi(describeRoute, (c) => c.json({ mode: scoring.mode, weights: { ...scoring.weights } }, 200));

  app.openapi(openRlhfRoute, async (c) => {
    const result = await scored(c, 'openrlhf');
    if ('kind' in result) return c.json({ error: result.error }, result.status);
    const missing = result.totals.flatMap((total, i) =>
      total.total.kind === 'unscored' ? [{ row: result.rows[i]!, lasting: !isTemporary(total) }] : [],
    );
    const lasting = missing.find((one) => one.lasting);
    if (lasting !== undefined) {
      const { id, error } = lasting.row;
      return c.json({ error: `Row ${id} can never be scored: ${error}. Correct its label or remove the row.` }, 422);
    }
    if (missing.length > 0) {
      c.header('Retry-After', retryAfter);
      return c.json({ error: `Row ${missing[0]!.row.id}: ${missing[0]!.row.error}` }, 503);
    }
    const totals = result.rows.map(({ total }) => total!);
    const names = Object.keys(result.rows[0]!.components);
    const logs = Object.fromEntries(names.map((name) => [name, result.rows.map((row) => row.components[name]!)]));
    return c.json({ rewards: totals, scores: totals, extra_logs: logs }, 200);
  });

  app.openapi(healthRoute, (c) => c.json({ status: 'ok' }, 200));
  app.openapi(readyRoute, (c) => {
    const reason = trouble();
    if (reason === undefined) return c.json({ status: 'ready' }, 200);
    c.header('Retry-After', String(judge?.retryAfterSeconds ?? 1));
    // Anyone can call this route. The reason may quote the judge, so a service protected by a token leaves it out.
    return c.json({ status: 'judge down', ...(token === undefined && { reason: redact(reason) }) }, 503);
  });
  app.openapi(metricsRoute, async (c) =>
    c.text(withoutSecrets(await metrics.registry.metrics()), 200, { 'content-type': metrics.registry.contentType }),
  );
  app.openAPIRegistry.register('Row', rowSchema);
  app.openAPIRegistry.register('ScoreRequest', scoreRequestSchema);
  app.openAPIRegistry.register('OpenRlhfRequest', openRlhfRequestSchema);
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'GLOBE reward service',
      version: '1',
      description: `A request has at most ${maxBodyBytes} bytes and ${MAX_ROWS} rows, an image at most ${MAX_SERVICE_PIXELS} pixels.`,
    },
    ...(token !== undefined && { security: [{ bearer: [] }] }),
  });
  return app;
}

const METHODS: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/v1/score': 'POST',
  '/get_reward': 'POST',
  '/v1/reward': 'GET',
  '/health': 'GET',
  '/ready': 'GET',
  '/metrics': 'GET',
  '/openapi.json': 'GET',
};

/** Answers 405 if the path is known but the method is not the route's. */
const onlyMethod =
  (method: 'GET' | 'POST'): MiddlewareHandler =>
  async (c, next) => {
    if (c.req.method === method || (method === 'GET' && c.req.method === 'HEAD')) return next();
    c.header('Allow', method === 'GET' ? 'GET, HEAD' : method);
    return c.json({ error: `${c.req.path} accepts only the method ${method}.` }, 405);
  };

/** Answers 415 for other content types. Without this check, the body would be treated as missing. */
const onlyJson: MiddlewareHandler = async (c, next) => {
  if (/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/iu.test(c.req.header('content-type') ?? '')) return next();
  return c.json({ error: 'The body must be JSON, with the header content-type: application/json.' }, 415);
};
