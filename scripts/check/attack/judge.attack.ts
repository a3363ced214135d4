/**
 * Makes the judge of a real `globe serve` fail in every way of judge/failures.ts. Rows must be unscored with a reason,
 * never 0. Other reward components and routes must keep working. No message may contain the judge's key. After the
 * judge has recovered, the same rows must be scored.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { locateTarget } from '../../../src/prompts/locate-prompt.ts';
import { picture } from '../../../test/support/photos.ts';
import type { Attack, Outcome } from './attack.ts';
import { serve, type Service } from './child.ts';
import { JUDGE_FAILURES, type JudgeFailure } from './judge/failures.ts';
import { startJudge, YES } from './judge/judge-server.ts';

const KEY = 'sk-the-key-of-the-judge';
const COOL_DOWN_SECONDS = 1;
const DEADLINE_SECONDS = 3;
const RECOVERY_MS = 15_000;

const COMPLETION = locateTarget({ reasoning: 'Brick towers.', country: 'Finland', city: 'Helsinki' });
const row = (id: number) => ({
  id: String(id),
  completion: COMPLETION.replace('towers', `towers ${id}`),
  solution: 'Finland\tHelsinki',
  images: [{ id: 'photo' }],
});
const ROWS = [row(1), row(2), row(3)];
/**
 * Rows for a judge that has recovered from a lasting failure. The rows used before cannot show the recovery, because
 * the failure's answers are cached.
 */
const NEW_ROWS = [row(4), row(5), row(6)];

type ScoredRows = {
  readonly rows: readonly {
    readonly total: number | null;
    readonly components: Readonly<Record<string, number | null>>;
    readonly error?: string;
  }[];
};

async function post(service: Service, path: string, body: object): Promise<{ response: Response; text: string }> {
  const response = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { response, text: await response.text() };
}

const openRlhf = {
  query: [COMPLETION],
  prompts: [''],
  labels: [JSON.stringify({ solution: 'Finland\tHelsinki', images: [{ id: 'photo' }] })],
};

/** Checks the answers while the judge fails. */
async function whileFailing(service: Service, { kind, reason }: JudgeFailure): Promise<string[]> {
  const failures: string[] = [];
  const expectThat = (holds: boolean, otherwise: string): void => {
    if (!holds) failures.push(otherwise);
  };
  const { response, text } = await post(service, '/v1/score', { rows: ROWS });
  const scored = JSON.parse(text) as ScoredRows;
  const status = kind === 'temporary' ? 503 : 200;
  expectThat(response.status === status, `status ${response.status} instead of ${status}: ${text.slice(0, 300)}`);
  expectThat(scored.rows?.length === ROWS.length, `not every row came back: ${text.slice(0, 300)}`);
  for (const { total, components, error = '' } of scored.rows ?? []) {
    expectThat(total === null && components['localizability'] === null, `a row was scored ${total}`);
    expectThat(components['accuracy'] === 1, `accuracy is ${components['accuracy']} instead of 1`);
    expectThat(reason.test(error), `the reason does not match ${reason}: ${error}`);
  }
  const single = await post(service, '/get_reward', openRlhf);
  const singleStatus = kind === 'temporary' ? 503 : 422;
  expectThat(single.response.status === singleStatus, `/get_reward answered ${single.response.status}`);
  for (const answer of [response, single.response]) {
    const waits = Number(answer.headers.get('retry-after'));
    expectThat(answer.status !== 503 || waits > 0, `a 503 came without Retry-After`);
  }
  const [health, ready] = await Promise.all([fetch(`${service.url}/health`), fetch(`${service.url}/ready`)]);
  expectThat(health.status === 200, `/health answered ${health.status}`);
  expectThat([200, 503].includes(ready.status), `/ready answered ${ready.status}`);
  const written = [text, single.text, await ready.text(), service.printed()].join('\n');
  expectThat(!written.includes(KEY), 'the key of the judge was written');
  return failures;
}

/** Sends the rows until all are scored. Returns a problem if that takes too long or if the scores are wrong. */
async function afterRecovery(service: Service, { kind }: JudgeFailure): Promise<string[]> {
  const rows = kind === 'temporary' ? ROWS : NEW_ROWS;
  let text = '';
  for (const end = performance.now() + RECOVERY_MS; performance.now() < end; await wait(200)) {
    const answer = await post(service, '/v1/score', { rows });
    text = answer.text;
    if (answer.response.status !== 200) continue;
    const scored = JSON.parse(text) as ScoredRows;
    const isRight = scored.rows.every(({ components }) => Math.abs((components['localizability'] ?? 0) - YES) < 1e-9);
    return isRight ? [] : [`the scores after recovery are wrong: ${text.slice(0, 300)}`];
  }
  return [`rows were not scored within ${RECOVERY_MS / 1000} s after the judge recovered: ${text.slice(0, 300)}`];
}

async function attack(failure: JudgeFailure, scratch: string): Promise<Outcome> {
  await writeFile(join(scratch, 'photo.png'), await picture());
  await using judge = await startJudge({ fail: failure.fail, protocol: failure.protocol ?? 'http' });
  const options = ['--judge', judge.spec, '--weights', 'accuracy=1,localizability=0.5', '--images', scratch];
  const times = ['--judge-cool-down', String(COOL_DOWN_SECONDS), '--deadline', String(DEADLINE_SECONDS)];
  await using service = await serve([...options, ...times], { GLOBE_API_KEY: KEY });
  const failures = await whileFailing(service, failure);
  if (failure.heals !== false) {
    await judge.heal();
    failures.push(...(await afterRecovery(service, failure)));
  }
  if (!service.isRunning()) failures.push(`the service ended: ${service.printed().slice(-500)}`);
  return { failures };
}

export const judge: Attack = {
  name: 'judge',
  unit: 'failures of a judge',
  parts: () =>
    JUDGE_FAILURES.map((failure) => ({
      name: failure.name,
      cases: 1,
      run: ({ scratch }) => attack(failure, scratch),
    })),
};
