/** Checks the answers of the service. Each check returns a problem, or undefined if there is none. */
import { type HttpMessage, PATHS } from './messages.ts';
import type { Answer } from './send.ts';

export type CheckedService = {
  /** Weight of each reward. */
  readonly weights: Readonly<Record<string, number>>;
  readonly maxBodyBytes: number;
};

/** The documented statuses, and 404, which is the status for unknown paths. */
const STATUSES = new Set([200, 400, 401, 403, 404, 405, 413, 415, 422, 503]);

export function problemOfAnswer(message: HttpMessage, answer: Answer, service: CheckedService): string | undefined {
  const { status, headers, text } = answer;
  if (!STATUSES.has(status)) return `status ${status}: ${text.slice(0, 200)}`;
  if (status === 503 && !(Number(headers['retry-after']) > 0))
    return `status 503 without Retry-After: ${text.slice(0, 200)}`;
  if (status === 405 && headers['allow'] === undefined) return 'status 405 without Allow';
  if (status === 404 && PATHS.includes(message.path)) return `status 404 for ${message.path}`;
  if (message.method === 'HEAD') return text === '' ? undefined : 'a HEAD request was answered with a body';
  const body = parsed(text);
  const isJson = String(headers['content-type']).startsWith('application/json');
  if (isJson && body === undefined) return `the answer is not JSON: ${text.slice(0, 200)}`;
  if (!isJson && status !== 404 && status !== 401 && !message.path.startsWith('/metrics')) {
    return `the answer of status ${status} has the type ${String(headers['content-type'])}`;
  }
  const isTooLarge = message.body.length > service.maxBodyBytes;
  if (message.rows !== undefined && !isTooLarge && status !== 200 && status !== 503) {
    return `status ${status} for a valid request: ${text.slice(0, 200)}`;
  }
  if (status === 200 && message.path === '/v1/score') return problemOfScores(body as Scores, message, service);
  if (status === 200 && message.path === '/get_reward') return problemOfRewards(body as Rewards);
  return undefined;
}

type Scores = {
  readonly rows: readonly {
    readonly id: string;
    readonly components: Readonly<Record<string, number | null>>;
    readonly total: number | null;
    readonly error?: string;
  }[];
};

/**
 * Checks that all rows are returned in order. Each row must have a reason, or a total that is the weighted sum of its
 * components.
 */
function problemOfScores(
  { rows }: Scores,
  { rows: sent }: HttpMessage,
  { weights }: CheckedService,
): string | undefined {
  if (sent !== undefined && rows.map(({ id }) => id).join('\n') !== sent.map(({ id }) => String(id)).join('\n')) {
    return 'the ids of the rows are not those of the request';
  }
  for (const { total, components, error } of rows) {
    if (total === null) {
      if (error === undefined || error === '') return 'a row is unscored without a reason';
      continue;
    }
    const sum = Object.entries(weights).reduce(
      (all, [name, weight]) => all + weight * (components[name] ?? Number.NaN),
      0,
    );
    if (!(Math.abs(total - sum) < 1e-9)) return `a total is ${total}, but its components add up to ${sum}`;
  }
  return undefined;
}

type Rewards = { readonly rewards: readonly unknown[] };

const problemOfRewards = ({ rewards }: Rewards): string | undefined =>
  rewards.every((reward) => typeof reward === 'number' && Number.isFinite(reward))
    ? undefined
    : 'a reward is not a number';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Checks the answer to a message that breaks HTTP. The service may answer with an error, or close the connection. */
export function problemOfRawAnswer(answer: string): string | undefined {
  const status = Number(/^HTTP\/1\.1 (\d{3})/u.exec(answer)?.[1] ?? Number.NaN);
  if (answer === '' || (status >= 200 && status < 500)) return undefined;
  if (status === 503 && /^retry-after: \d/imu.test(answer)) return undefined;
  return `it was answered with ${answer.slice(0, 200)}`;
}
