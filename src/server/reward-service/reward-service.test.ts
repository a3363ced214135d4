import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import { locateTarget } from '../../prompts/locate-prompt.ts';
import type { RewardWeights } from '../../reward/reward-definition.ts';
import type { Completion, VisionModel } from '../../vision/vision-model.ts';
import type { LengthLimits } from '../../reward/length.ts';
import type { RewardMode } from '../../reward/reward.ts';
import { guardJudge, type GuardOptions } from './guarded-judge.ts';
import { imageSource } from './image-source.ts';
import { rewardService } from './reward-service.ts';

const gazetteer = openGazetteer();
/** In this grounder, entities are words of at least five letters. They match elements of the image word for word. */
const grounder: Grounder = {
  entities: (text) =>
    [...new Set(text.toLowerCase().match(/[a-z]{5,}/gu))].map((word) => ({ text: word, lemma: word, head: word })),
  claims: (text) => [...new Set(text.toLowerCase().match(/[a-z]{5,}/gu))].map((thing) => ({ thing, attribute: 'red' })),
  match: (entities, { elements }) =>
    entities.map((entity) => {
      const element = elements.find(({ label }) => label === entity.lemma);
      return element === undefined ? { entity, matchedBy: 'none' } : { entity, element, matchedBy: 'phrase' };
    }),
};

const yes = (probability: number): Completion => ({
  text: 'yes',
  finishReason: 'length',
  logprobs: [
    {
      token: 'yes',
      logprob: Math.log(probability),
      top: [
        { token: 'yes', logprob: Math.log(probability) },
        { token: 'no', logprob: Math.log(1 - probability) },
      ],
    },
  ],
});

function judgeOf(generate: VisionModel['generate']): VisionModel {
  return { name: 'judge', generate };
}
const down = (): Promise<never> =>
  Promise.reject(new GlobeError({ code: 'service', message: 'refused', retryable: true }));

/** A file of 11 kB with an image of 8000 × 6000 pixels. */
const HEIC = join(import.meta.dirname, '../../image/fixtures/flat-48-megapixels.heic');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-reward-'));
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .jpeg()
    .toFile(join(folder, 'red.jpg'));
  await writeFile(join(folder, 'broken.jpg'), 'not a photo');
  await symlink('/etc/hostname', join(folder, 'outside.jpg'));
});

const WEIGHTS = { accuracy: 1, localizability: 0.5, visual: 0.2, format: 1 } satisfies RewardWeights;

function service({
  judge,
  weights = WEIGHTS,
  guard = {},
  deadlineMs = 5000,
  token,
  length,
  mode = 'paper',
  verifier,
  now = () => performance.now(),
}: {
  now?: () => number;
  judge?: VisionModel;
  mode?: RewardMode;
  verifier?: VisionModel;
  weights?: RewardWeights;
  guard?: GuardOptions;
  deadlineMs?: number;
  token?: string;
  length?: LengthLimits;
}) {
  const guarded = judge && guardJudge(judge, guard);
  const logged: string[] = [];
  const app = rewardService({
    scoring: {
      mode,
      weights,
      gazetteer,
      grounder,
      images: imageSource({ folder }),
      deadlineMs,
      ...(guarded && { judge: guarded }),
      ...(verifier && { verifier: guardJudge(verifier, guard) }),
      ...(length && { length }),
    },
    maxBodyBytes: 50_000_000,
    log: pino({}, { write: (line: string) => logged.push(line) }),
    now,
    ...defined({ token }),
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return { app, post, guarded, logged };
}

const gold = locateTarget({ reasoning: 'Brick towers and trams.', country: 'Finland', city: 'Helsinki' });
const row = (id: string, more: object = {}) => ({
  id,
  completion: gold,
  solution: 'Finland\tHelsinki',
  elements: [{ label: 'brick' }, { label: 'towers' }, { label: 'trams' }],
  images: [{ id: 'red' }],
  ...more,
});
type Scored = {
  rows: { id: string; components: Record<string, number | null>; total: number | null; error?: string }[];
};
const read = async (response: Response): Promise<Scored> => (await response.json()) as Scored;

describe('mode verified', () => {
  const weights = { visual: 1 };

  it('scores the claims of a row by the verifier and the image', async () => {
    const verifier = judgeOf(async ({ prompt }) => [yes(prompt.includes('trams') ? 0.1 : 0.9)]);
    const response = await service({ mode: 'verified', weights, verifier }).post('/v1/score', { rows: [row('a')] });
    const { rows } = await read(response);
    // The claims about the brick and the towers, with weight 0.6 each, are confirmed. The claim about the trams, with
    // weight 1, is contradicted.
    expect(rows[0]!.total).toBeCloseTo(0.2 / 2.2, 9);
  });

  it('scores claims by the elements of the row without a verifier, and reads no image', async () => {
    const missing = row('a', { images: [{ id: 'missing' }] });
    const { rows } = await read(await service({ mode: 'verified', weights }).post('/v1/score', { rows: [missing] }));
    expect(rows[0]).toMatchObject({ total: expect.any(Number) });
  });

  it('answers 503 if the verifier fails, and is then not ready', async () => {
    const verifier = judgeOf(async () => {
      throw new GlobeError({ code: 'service', message: 'out of memory' });
    });
    const { post, app } = service({ mode: 'verified', weights, verifier, guard: { failuresUntilDown: 1 } });
    const response = await post('/v1/score', { rows: [row('a')] });
    expect(response.status).toBe(503);
    expect((await read(response)).rows[0]).toMatchObject({ total: null, error: expect.stringContaining('verifier') });
    expect((await app.request('/ready')).status).toBe(503);
  });
});

describe('POST /v1/score', () => {
  it('gives the gold answer the full value of every component and their weighted sum', async () => {
    const { post } = service({ judge: judgeOf(async () => [yes(0.9)]) });
    const response = await post('/v1/score', { rows: [row('a')] });
    expect(response.status).toBe(200);
    const { rows } = await read(response);
    expect(rows[0]).toMatchObject({ id: 'a', components: { accuracy: 1, visual: 1, format: 1 } });
    expect(rows[0]!.components['localizability']).toBeCloseTo(0.9, 9);
    expect(rows[0]!.total).toBeCloseTo(1 + 0.45 + 0.2 + 1, 9);
  });

  it('keeps ids and order, and gives the reason for each missing total', async () => {
    const { post } = service({ judge: judgeOf(async () => [yes(0.5)]) });
    const { rows } = await read(
      await post('/v1/score', {
        rows: [
          row('1'),
          row('2', { solution: '' }),
          row('3', { images: [{ path: '../../etc/passwd' }] }),
          row('4', { images: [{ path: 'outside.jpg' }] }),
          row('5', { images: [{ path: 'broken.jpg' }] }),
          row('6', { images: [{ id: 'nobody' }] }),
          row('7', { elements: undefined }),
          row('8', { images: undefined }),
          row('9'),
        ],
      }),
    );
    expect(rows.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(rows.map(({ total }) => total === null)).toEqual([false, true, true, true, true, true, true, true, false]);
    const reasons = ['no country', 'not in the', 'not in the', 'broken.jpg', 'nobody', 'shows', 'no image'];
    expect(rows.slice(1, 8).map(({ error }) => error)).toEqual(
      reasons.map((reason): unknown => expect.stringContaining(reason)),
    );
  });

  it('accepts images as base64 and as data URIs, and calls the judge once for equal rows', async () => {
    let calls = 0;
    const { post } = service({ judge: judgeOf(async () => ((calls += 1), [yes(0.5)])) });
    const base64 = (
      await sharp({ create: { width: 4, height: 4, channels: 3, background: 'blue' } })
        .png()
        .toBuffer()
    ).toString('base64');
    const images = [[{ base64 }], [{ base64: `data:image/png;base64,${base64}` }], [{ base64 }]];
    const { rows } = await read(
      await post('/v1/score', { rows: images.map((one, i) => row(String(i), { images: one })) }),
    );
    expect(rows.every(({ total }) => total !== null)).toBe(true);
    await post('/v1/score', { rows: [row('later', { images: [{ base64 }] })] });
    expect(calls).toBe(1);
  });

  it('returns what matched what on request', async () => {
    const { post } = service({ judge: judgeOf(async () => [yes(0.9)]) });
    const [plain] = (await read(await post('/v1/score', { rows: [row('a')] }))).rows;
    expect(plain).not.toHaveProperty('detail');
    const [detailed] = (await read(await post('/v1/score', { rows: [row('a')], detail: true }))).rows;
    expect(detailed).toMatchObject({
      detail: {
        accuracy: { place: { country: 'Finland', city: 'Helsinki' }, country: true, city: true },
        visual: { entities: [{ entity: 'brick', element: 'brick', matchedBy: 'phrase' }, {}, {}] },
        localizability: { method: 'first-token log-probabilities' },
      },
    });
  });

  it('measures length in tokens, or in words without a token count', async () => {
    const { post } = service({ weights: { length: 1 }, length: { maxTokens: 20, bufferTokens: 10 } });
    const body = { rows: [row('a', { completion_tokens: 15 }), row('b'), row('c', { finish_reason: 'length' })] };
    const { rows } = await read(await post('/v1/score', body));
    expect(rows.map(({ components }) => components['length'])).toEqual([-0.5, -0.2, -1]);
  });

  it('reads every form of solution', async () => {
    const { post } = service({ weights: { accuracy: 1 } });
    const solutions = [
      'Finland\tHelsinki',
      '<country>Finland</country><city>Helsinki</city>',
      'country: Finland\ncity: Helsinki',
      { country: 'Finland', city: 'Helsinki' },
    ];
    const { rows } = await read(
      await post('/v1/score', { rows: solutions.map((solution, i) => row(String(i), { solution })) }),
    );
    expect(rows.map(({ total }) => total)).toEqual([1, 1, 1, 1]);
  });

  it.each([
    [{}, 'rows'],
    [{ rows: [] }, 'rows'],
    [{ rows: row('a') }, 'rows'],
    [{ rows: [row('a')], detail: 'yes' }, 'detail'],
  ])('rejects %j and names the field', async (body, field) => {
    const response = await service({ weights: { accuracy: 1 } }).post('/v1/score', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining(field) });
  });

  it.each<[string, object]>([
    ['null for a coordinate', { coordinate: null }],
    ['null for texts', { texts: null }],
    ['null for images', { images: null }],
    ['null for a sample id', { sample_id: null }],
    ['a sample id that is an integer', { sample_id: 5 }],
    ['an id that is an integer', { id: 7 }],
    ['a completion in messages', { completion: [{ role: 'assistant', content: gold }] }],
    ['a completion in one message', { completion: { role: 'assistant', content: gold } }],
    ['content in parts', { completion: [{ role: 'assistant', content: [{ type: 'text', text: gold }] }] }],
    ['a coordinate in texts', { coordinate: { latitude: '60.2', longitude: '24.9' } }],
    ['the solution in one line', { solution: 'country: Finland, city: Helsinki' }],
    ['the solution as a place', { solution: 'Helsinki, Finland' }],
    ['the solution in JSON', { solution: '{"country": "Finland", "city": "Helsinki"}' }],
    ['a field that it does not know', { split: 'train' }],
  ])('scores a row with %s', async (_, more) => {
    const response = await service({ weights: { accuracy: 1 } }).post('/v1/score', { rows: [row('a', more)] });
    expect(response.status).toBe(200);
    expect((await read(response)).rows[0]).toMatchObject({ id: 'id' in more ? '7' : 'a', total: 1 });
  });

  it.each<[string, unknown, string, string]>([
    ['without a completion', { id: 'b', solution: 'Finland\tHelsinki' }, 'b', 'completion'],
    ['without an id', { completion: gold, solution: 'Finland\tHelsinki' }, '1', 'id'],
    ['with a number as completion', row('b', { completion: 5 }), 'b', 'completion'],
    ['with null as solution', row('b', { solution: null }), 'b', 'solution'],
    ['with a latitude beyond the pole', row('b', { coordinate: { latitude: 99, longitude: 0 } }), 'b', 'coordinate'],
    ['with a word as latitude', row('b', { coordinate: { latitude: 'north', longitude: 0 } }), 'b', 'coordinate'],
    ['with entities in one text', row('b', { entities: 'tram' }), 'b', 'entities'],
    ['with two images', row('b', { images: [{ id: 'red' }, { id: 'red' }] }), 'b', 'images'],
    ['with a negative count of tokens', row('b', { completion_tokens: -1 }), 'b', 'completion_tokens'],
    ['that is a text', 'Helsinki', '1', 'the row'],
    ['that is null', null, '1', 'the row'],
  ])('leaves a row %s unscored with its reason, and scores the others', async (_, broken, id, field) => {
    const { post } = service({ weights: { accuracy: 1 } });
    const response = await post('/v1/score', { rows: [row('a'), broken, row('c')] });
    expect(response.status).toBe(200);
    const { rows } = await read(response);
    expect(rows.map(({ total }) => total)).toEqual([1, null, 1]);
    expect(rows[1]).toMatchObject({
      id,
      components: {},
      error: expect.stringContaining(`the row is invalid: ${field}`),
    });
  });

  it('logs counts and times, but not image bytes', async () => {
    const { post, logged } = service({ judge: judgeOf(async () => [yes(0.5)]) });
    const base64 = (
      await sharp({ create: { width: 4, height: 4, channels: 3, background: 'blue' } })
        .png()
        .toBuffer()
    ).toString('base64');
    await post('/v1/score', { rows: [row('a', { images: [{ base64 }] })] });
    expect(logged.join('')).toContain('"rows":1');
    expect(logged.join('')).not.toContain(base64.slice(0, 20));
  });
});

describe('the reward service when its judge fails', () => {
  const many = (count: number) => ({
    rows: Array.from({ length: count }, (_, i) =>
      row(String(i), {
        completion: locateTarget({ reasoning: `Brick towers ${i}.`, country: 'Finland', city: 'Helsinki' }),
      }),
    ),
  });

  it('answers 503 with Retry-After and null totals, and keeps components that do not need the judge', async () => {
    const { post, app } = service({ judge: judgeOf(down), guard: { failuresUntilDown: 2 } });
    const response = await post('/v1/score', many(50));
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    const { rows } = await read(response);
    expect(rows).toHaveLength(50);
    expect(
      rows.every(
        ({ total, components }) =>
          total === null && components['localizability'] === null && components['accuracy'] === 1,
      ),
    ).toBe(true);
    expect((await app.request('/ready')).status).toBe(503);
    expect((await app.request('/health')).status).toBe(200);
  });

  it('is ready again after the pause of the judge', async () => {
    const { post, app } = service({ judge: judgeOf(down), guard: { failuresUntilDown: 2, coolDownMs: 200 } });
    await post('/v1/score', many(5));
    const ready = await app.request('/ready');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'judge down', reason: 'refused' }]);
    await setTimeout(250);
    expect((await app.request('/ready')).status).toBe(200);
  });

  it('answers rows unscored at the deadline when the judge hangs', async () => {
    const { post } = service({ judge: judgeOf(() => new Promise(() => {})), deadlineMs: 50 });
    const response = await post('/v1/score', many(20));
    expect(response.status).toBe(503);
    const { rows } = await read(response);
    expect(rows.every(({ total, error }) => total === null && error!.includes('deadline'))).toBe(true);
  });

  it('counts a judge that denies every request as failed, and reports the reason', async () => {
    const denied = (): Promise<never> =>
      Promise.reject(new GlobeError({ code: 'denied', message: 'the server answered 401' }));
    let answer: VisionModel['generate'] = denied;
    const { post, app, logged } = service({ judge: judgeOf((request) => answer(request)), guard: { coolDownMs: 1 } });
    const response = await post('/v1/score', many(1));
    expect(response.status).toBe(503);
    expect((await read(response)).rows[0]).toMatchObject({ total: null, error: expect.stringContaining('401') });
    const ready = await app.request('/ready');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'judge down', reason: 'the server answered 401' },
    ]);
    expect(logged.join('')).toContain('the server answered 401');
    answer = async () => [yes(0.5)];
    expect((await post('/v1/score', many(1))).status).toBe(200);
    expect((await app.request('/ready')).status).toBe(200);
  });

  it('does not ask a client to retry a row that the judge cannot fix', async () => {
    const { post } = service({ judge: judgeOf(down) });
    const response = await post('/v1/score', { rows: [row('a', { elements: undefined })] });
    expect(response.status).toBe(200);
    expect((await read(response)).rows[0]).toMatchObject({ total: null, error: expect.stringContaining('shows') });
  });

  it('does not ask a client to retry rows that a content filter rejects', async () => {
    const { post } = service({
      judge: judgeOf(() => Promise.reject(new GlobeError({ code: 'rejected', message: 'content filter' }))),
    });
    const response = await post('/v1/score', many(3));
    expect(response.status).toBe(200);
    expect((await read(response)).rows.every(({ error }) => error!.includes('content filter'))).toBe(true);
  });

  it('drops the oldest answers when the cache is full', async () => {
    let calls = 0;
    const judge = judgeOf(async () => ((calls += 1), [yes(0.5)]));
    const { post } = service({ judge, guard: { cacheBytes: 10_000 } });
    const body = many(50);
    await post('/v1/score', body);
    await post('/v1/score', { rows: body.rows.slice(-5) });
    expect(calls).toBe(50);
    await post('/v1/score', { rows: body.rows.slice(0, 5) });
    expect(calls).toBe(55);
  });

  it('leaves rows unscored when the judge answers neither yes nor no', async () => {
    const { post } = service({
      judge: judgeOf(async ({ samples }) =>
        Array.from({ length: samples }, () => ({ text: '¯\\_(ツ)_/¯', finishReason: 'stop' as const })),
      ),
    });
    const { rows } = await read(await post('/v1/score', many(20)));
    expect(rows.every(({ total, error }) => total === null && error!.includes('neither yes nor no'))).toBe(true);
  });

  it('scores 10,000 rows in order or leaves them unscored, never 0, while the judge fails midway and recovers', async () => {
    let calls = 0;
    const { post } = service({
      judge: judgeOf(async () => {
        calls += 1;
        return calls > 3000 && calls <= 3040 ? down() : [yes(0.75)];
      }),
      guard: { failuresUntilDown: 5, coolDownMs: 1, cacheBytes: 1_000_000 },
      deadlineMs: 60_000,
    });
    const { rows } = await read(await post('/v1/score', many(10_000)));
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    const unscored = rows.filter(({ total }) => total === null);
    expect(unscored.length).toBeGreaterThan(0);
    expect(
      unscored.every(({ error, components }) => error !== undefined && components['localizability'] === null),
    ).toBe(true);
    const scoredRows = rows.filter(({ total }) => total !== null);
    expect(scoredRows.length).toBeGreaterThan(3000);
    expect(scoredRows.every(({ components }) => Math.abs(components['localizability']! - 0.75) < 1e-9)).toBe(true);
    // Status 503 means that unscored rows can be retried. After enough retries, all rows must be scored.
    let open = unscored.slice(0, 20).map(({ id }) => many(10_000).rows[Number(id)]!);
    for (let again = 0; open.length > 0 && again < 100; again++) {
      const response = await post('/v1/score', { rows: open });
      const left = (await read(response)).rows.filter(({ total }) => total === null);
      expect(response.status).toBe(left.length === 0 ? 200 : 503);
      open = open.filter(({ id }) => left.some((missing) => missing.id === id));
    }
    expect(open).toEqual([]);
  });
});

describe('images of the reward service', () => {
  it('are prepared within the deadline, or their rows can be retried', async () => {
    const { post } = service({ judge: judgeOf(() => Promise.resolve([yes(0.9)])), deadlineMs: 40 });
    const base64 = (await readFile(HEIC)).toString('base64');
    const start = performance.now();
    const response = await post('/v1/score', { rows: [row('a', { images: [{ base64 }] })] });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(response.status).toBe(503);
    expect((await read(response)).rows[0]!.error).toContain('not prepared before the deadline');
  });

  it('count the time in which the request was read towards the deadline', async () => {
    const images = [{ base64: (await readFile(HEIC)).toString('base64') }];
    const body = { rows: [row('a', { images, completion: 'x'.repeat(500_000) })] };
    const judge = judgeOf(() => Promise.resolve([yes(0.9)]));
    let clockMs = 0;
    const slow = service({ judge, deadlineMs: 20_000, now: () => (clockMs += 19_999) });
    expect((await read(await slow.post('/v1/score', body))).rows[0]!.error).toContain('before the deadline');
    const quick = service({ judge, deadlineMs: 20_000, now: () => 0 });
    expect((await read(await quick.post('/v1/score', body))).rows[0]!.error).toContain('pixels');
  });

  it('may not have more than 25 million pixels', async () => {
    const { post } = service({ judge: judgeOf(() => Promise.resolve([yes(0.9)])), deadlineMs: 20_000 });
    const base64 = (await readFile(HEIC)).toString('base64');
    const response = await post('/v1/score', { rows: [row('a', { images: [{ base64 }] })] });
    expect((await read(response)).rows[0]!.error).toContain('pixels');
  });
});

describe('POST /get_reward', () => {
  const label = JSON.stringify({
    solution: 'Finland\tHelsinki',
    elements: [{ label: 'brick' }, { label: 'towers' }, { label: 'trams' }],
    images: [{ id: 'red' }],
  });

  it('answers in the format of OpenRLHF, after removing the prompt from the query', async () => {
    const { post } = service({ judge: judgeOf(async () => [yes(0.5)]) });
    const response = await post('/get_reward', {
      query: [`Where? ${gold}`, gold],
      prompts: ['Where? ', ''],
      labels: [label, label],
    });
    const body = (await response.json()) as {
      rewards: number[];
      scores: number[];
      extra_logs: Record<string, number[]>;
    };
    expect(body.rewards).toEqual([expect.closeTo(2.45, 9), expect.closeTo(2.45, 9)]);
    expect(body.scores).toEqual(body.rewards);
    expect(body.extra_logs['accuracy']).toEqual([1, 1]);
  });

  it('answers 503 for a missing reward, which the format cannot express', async () => {
    const { post } = service({ judge: judgeOf(down) });
    const response = await post('/get_reward', { query: [gold], prompts: [''], labels: [label] });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('refused') });
  });

  it('answers 422 without Retry-After for a row that can never be scored, and names it', async () => {
    const { post } = service({ judge: judgeOf(down) });
    const labels = [label, JSON.stringify({ ...JSON.parse(label), solution: 'nowhere' })];
    const response = await post('/get_reward', { query: [gold, gold], prompts: ['', ''], labels });
    expect(response.status).toBe(422);
    expect(response.headers.get('Retry-After')).toBeNull();
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('Row 1') });
  });

  it('names an invalid label', async () => {
    const response = await service({ weights: { accuracy: 1 } }).post('/get_reward', {
      query: [gold],
      prompts: [''],
      labels: ['{"solution": 3}'],
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('labels[0]') });
  });
});

describe('the judge’s cache', () => {
  it('returns answers unchanged, including infinite log-probabilities', async () => {
    const { post } = service({ judge: judgeOf(async () => [yes(1)]), weights: { localizability: 1 } });
    const totals = [];
    for (const id of ['a', 'b']) totals.push((await read(await post('/v1/score', { rows: [row(id)] }))).rows[0]!.total);
    expect(totals).toEqual([1, 1]);
  });
});

describe('the interface of the reward service', () => {
  it('does not start without the inputs that its weights need', () => {
    expect(() => service({ weights: { localizability: 1 } })).toThrow('no judge');
  });

  it('requires the token for scoring if one is set, but not for /health', async () => {
    const { post, app } = service({ weights: { accuracy: 1 }, token: 'secret' });
    expect((await post('/v1/score', { rows: [row('a')] })).status).toBe(401);
    expect((await post('/v1/score', { rows: [row('a')] }, { authorization: 'Bearer secret' })).status).toBe(200);
    expect((await app.request('/health')).status).toBe(200);
  });

  it('needs the token for metrics too, and tells an unknown caller no reason of the judge', async () => {
    const { post, app } = service({ judge: judgeOf(down), token: 'secret', guard: { failuresUntilDown: 1 } });
    await post('/v1/score', { rows: [row('a')] }, { authorization: 'Bearer secret' });
    const ready = await app.request('/ready');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'judge down' }]);
    expect((await app.request('/metrics')).status).toBe(401);
    expect((await app.request('/metrics', { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
  });

  it('answers 405 with Allow to other methods, and 415 to other types', async () => {
    const { app, post } = service({ weights: { accuracy: 1 } });
    for (const [path, method, allow] of [
      ['/v1/score', 'GET', 'POST'],
      ['/get_reward', 'DELETE', 'POST'],
      ['/health', 'POST', 'GET, HEAD'],
    ] as const) {
      const response = await app.request(path, { method });
      expect([response.status, response.headers.get('allow')], path).toEqual([405, allow]);
    }
    expect((await app.request('/nowhere')).status).toBe(404);
    for (const type of ['text/plain', 'application/jsonp', '']) {
      expect((await post('/v1/score', { rows: [row('a')] }, { 'content-type': type })).status, type).toBe(415);
    }
    expect(
      (await post('/v1/score', { rows: [row('a')] }, { 'content-type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
  });

  it('refuses more than 1024 different images in one request', async () => {
    const { post } = service({ weights: { accuracy: 1 } });
    const rows = (images: number) =>
      Array.from({ length: 1100 }, (_, i) => row(`${i}`, { images: [{ id: `${i % images}` }] }));
    expect((await post('/v1/score', { rows: rows(1100) })).status).toBe(400);
    expect((await post('/v1/score', { rows: rows(1024) })).status).toBe(200);
  });

  it('rejects a body over the limit', async () => {
    const response = await service({ weights: { accuracy: 1 } }).app.request('/v1/score', {
      method: 'POST',
      body: 'x'.repeat(10),
      headers: { 'content-type': 'application/json', 'content-length': '60000000' },
    });
    expect(response.status).toBe(413);
  });

  it('does not report a client that ends its request early as an internal error', async () => {
    const { app, logged } = service({ weights: { accuracy: 1 } });
    const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    const response = await app.request('/v1/score', {
      method: 'POST',
      body: new ReadableStream({ start: (controller) => controller.error(aborted) }),
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    });
    expect(response.status).toBe(400);
    expect(logged).toEqual([]);
  });

  it('counts rows, values and missing measurements for Prometheus, and describes itself', async () => {
    const { post, app } = service({ judge: judgeOf(down) });
    await post('/v1/score', { rows: [row('a', { sample_id: 'x' }), row('b', { sample_id: 'x' })] });
    const metrics = await (await app.request('/metrics')).text();
    expect(metrics).toContain('globe_reward_rows_total{outcome="unscored"} 2');
    expect(metrics).toContain('globe_reward_component_unscored_total{component="localizability"} 2');
    const document = (await (await app.request('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(document.paths)).toEqual([
      '/v1/score',
      '/v1/reward',
      '/get_reward',
      '/health',
      '/ready',
      '/metrics',
    ]);
  });

  it('exports the share of each component and their correlations to Prometheus', async () => {
    const wrong = locateTarget({ reasoning: 'Brick towers and rivers.', country: 'Sweden', city: 'Lund' });
    const { post, app } = service({ weights: { accuracy: 1, visual: 0.5 } });
    await post('/v1/score', {
      rows: [row('a'), row('b', { completion: wrong }), row('c', { elements: undefined })],
    });
    const metrics = await (await app.request('/metrics')).text();
    expect(metrics).toMatch(/globe_reward_component_correlation\{a="accuracy",b="visual"\} 0?\.?\d/u);
    const share = (name: string): number =>
      Number(new RegExp(`component_share\\{component="${name}"\\} (\\S+)`, 'u').exec(metrics)?.[1]);
    expect(share('accuracy')).toBeGreaterThan(share('visual'));
    expect(share('accuracy') + share('visual')).toBeCloseTo(1, 9);
  });

  it('answers as its OpenAPI document describes, including null totals', async () => {
    const { post, app } = service({ judge: judgeOf(down), token: 'secret' });
    const text = await (await app.request('/openapi.json')).text();
    const document = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as {
      openapi: string;
      security: unknown;
      paths: Record<string, { post: { responses: Record<string, unknown> } }>;
      components: { schemas: Record<string, object>; securitySchemes: object };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(text).not.toContain('nullable');
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(document.components.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
    expect(Object.keys(document.paths['/get_reward']!.post.responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '405',
      '413',
      '415',
      '422',
      '500',
      '503',
    ]);
    const { schemas } = document.components;
    const requested = z.fromJSONSchema({ ...schemas['ScoreRequest'], $defs: schemas } as never);
    expect(requested.safeParse({ rows: [row('a')] }).error).toBeUndefined();
    expect(requested.safeParse({ rows: [row('a', { completion: 5 })] }).success).toBe(false);
    const answered = z.fromJSONSchema({ ...schemas['ScoreResponse'], $defs: schemas } as never);
    const response = await post('/v1/score', { rows: [row('a')], detail: true }, { authorization: 'Bearer secret' });
    const body = (await response.json()) as Scored;
    expect(body.rows[0]!.total).toBeNull();
    expect(answered.safeParse(body).error).toBeUndefined();
    expect(answered.safeParse({ ...body, rows: [{ ...body.rows[0], total: 'x' }] }).success).toBe(false);
  });
});
