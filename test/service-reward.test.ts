/** Tests rewards over HTTP for training. The client is tested with the real service, and with services that fail. */
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { defined } from '../src/core/defined.ts';
import { GlobeError } from '../src/core/errors.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { locateTarget } from '../src/prompts/locate-prompt.ts';
import type { RewardWeights } from '../src/reward/reward-definition.ts';
import { createReward } from '../src/reward/create-reward.ts';
import type { RewardInput } from '../src/reward/reward.ts';
import { serviceReward } from '../src/reward/service-reward.ts';
import { guardJudge } from '../src/server/reward-service/guarded-judge.ts';
import { imageSource } from '../src/server/reward-service/image-source.ts';
import { rewardService } from '../src/server/reward-service/reward-service.ts';
import type { Completion, VisionModel } from '../src/vision/vision-model.ts';
import { testClock } from './support/clock.ts';
import { numberedImage } from './support/tiny-nano.ts';

const gazetteer = openGazetteer();
const grounder = await openGrounder();
const signal = new AbortController().signal;
const WEIGHTS = { accuracy: 1, visual: 0.2, format: 0.2 } satisfies RewardWeights;

const judgement = (probability: number): Completion => {
  const [yes, no] = [Math.log(probability), Math.log(1 - probability)];
  const top = [
    { token: 'yes', logprob: yes },
    { token: 'no', logprob: no },
  ];
  return { text: 'yes', finishReason: 'length', logprobs: [{ token: 'yes', logprob: yes, top }] };
};

/** The real service, which is called directly instead of over a network. */
function served({
  weights = WEIGHTS,
  judge,
  token,
}: { weights?: RewardWeights; judge?: VisionModel; token?: string } = {}) {
  const guarded = judge && guardJudge(judge, { coolDownMs: 1 });
  const app = rewardService({
    scoring: {
      mode: 'paper',
      weights,
      gazetteer,
      grounder,
      images: imageSource({}),
      deadlineMs: 5000,
      ...(guarded && { judge: guarded }),
    },
    maxBodyBytes: 50_000_000,
    log: pino({ level: 'silent' }),
    now: () => performance.now(),
    ...defined({ token }),
  });
  const fetch: typeof globalThis.fetch = async (input, init) => app.request(input, init);
  return fetch;
}

const open = (fetch: typeof globalThis.fetch, token?: string) =>
  serviceReward(
    {
      url: 'http://rewards:8700/',
      fetch,
      clock: testClock(),
      random: () => 0.5,
      ...defined({ token }),
    },
    { signal },
  );

const input = (id: string, completion: string): RewardInput => ({
  id,
  completion,
  truth: { country: 'Finland', city: 'Helsinki' },
  truthCoordinate: { latitudeDegrees: 60.17, longitudeDegrees: 24.94 },
  elements: [
    { label: 'tram', share: 0.1 },
    { label: 'tower', share: 0.2 },
  ],
  texts: ['HSL'],
});
const gold = locateTarget({ reasoning: 'A tram passes a tower.', country: 'Finland', city: 'Helsinki' });
const COMPLETIONS = [
  gold,
  locateTarget({ reasoning: 'A tram and an elephant.', country: 'Finland', city: 'Turku' }),
  locateTarget({ reasoning: 'Palm trees.', country: 'Brazil', city: 'Recife' }),
  'I cannot tell.',
  '',
];

describe('rewards from a service', () => {
  it('equal rewards in this process, with their components and weights', async () => {
    const batch = COMPLETIONS.map((completion, i) => input(`photo-${i % 2}`, completion));
    const here = createReward({ mode: 'paper', weights: WEIGHTS, gazetteer, grounder });
    const there = await open(served());
    const values = (rewards: Awaited<ReturnType<typeof here.score>>) =>
      rewards.map(({ components, total }) => [
        total.kind === 'scored' ? total.value : total.kind,
        Object.entries(components).map(([name, score]) => [name, score.kind === 'scored' ? score.value : score.kind]),
      ]);
    expect(there.weights).toEqual(WEIGHTS);
    expect(values(await there.score(batch, { signal }))).toEqual(values(await here.score(batch, { signal })));
    // The scores must differ from each other; otherwise, the comparison above would be meaningless.
    expect(new Set(values(await there.score(batch, { signal })).map(([total]) => total)).size).toBeGreaterThan(2);
  });

  it('arrive in order for more rows than fit into a request', async () => {
    const batch = Array.from({ length: 600 }, (_, i) => input(String(i), i % 3 === 0 ? gold : ''));
    const totals = (await (await open(served())).score(batch, { signal })).map(({ total }) => total);
    expect(totals.map((total) => total.kind === 'scored' && total.value > 1)).toEqual(batch.map((_, i) => i % 3 === 0));
  });

  describe('with patience', () => {
    const patient = async (failures: number, patienceMs: number) => {
      const fetch = served();
      let [calls, nowMs] = [0, 0];
      const notices: string[] = [];
      const reward = await serviceReward(
        {
          url: 'http://rewards:8700/',
          fetch: async (url, init) => {
            if (init?.method === 'POST' && calls++ < failures) throw new TypeError('connect ECONNREFUSED');
            return fetch(url, init);
          },
          clock: { ...testClock(), now: () => nowMs, sleep: async (ms) => Promise.resolve(void (nowMs += ms)) },
          random: () => 0.5,
          patienceMs,
          onNotice: (text) => notices.push(text),
        },
        { signal },
      );
      const batch = COMPLETIONS.map((completion, i) => input(String(i), completion));
      return { rewards: reward.score(batch, { signal }), batch, notices };
    };

    it('outlast an outage with the rewards of an undisturbed service', async () => {
      const { rewards, batch, notices } = await patient(40, 1_800_000);
      expect(await rewards).toEqual(await (await open(served())).score(batch, { signal }));
      expect(notices).toEqual([
        expect.stringContaining('at most 30 minutes (--patience)'),
        expect.stringMatching(/answers again after \d+ s\./),
      ]);
    });

    it('reject after the patience, so that training can resume', async () => {
      const { rewards } = await patient(Number.POSITIVE_INFINITY, 1_800_000);
      await expect(rewards).rejects.toMatchObject({
        name: 'GlobeError',
        code: 'service',
        message: expect.stringMatching(/gave no rewards for 30 minutes: .*ECONNREFUSED/),
        hint: expect.stringContaining('resumes at this step'),
      });
    });
  });

  it('wait for an unavailable judge, and retry only rows without a total', async () => {
    let calls = 0;
    const judge: VisionModel = {
      name: 'judge',
      generate: async () => {
        calls += 1;
        if (calls === 2) throw new GlobeError({ code: 'service', message: 'refused', retryable: false });
        return [judgement(0.75)];
      },
    };
    const rows: number[] = [];
    const fetch = served({ weights: { localizability: 1 }, judge });
    const counted: typeof globalThis.fetch = async (url, init) => {
      if (typeof init?.body === 'string') rows.push((JSON.parse(init.body) as { rows: unknown[] }).rows.length);
      return fetch(url, init);
    };
    const image = await numberedImage(1);
    const batch = COMPLETIONS.slice(0, 3).map((completion, i) => ({ ...input(String(i), completion), image }));
    const totals = (await (await open(counted)).score(batch, { signal })).map(({ total }) => total);
    expect(totals.map((total) => total.kind === 'scored' && total.value.toFixed(6))).toEqual(Array(3).fill('0.750000'));
    expect(rows).toEqual([3, 1]);
  });

  it('are unscored with a reason, never 0, when the service is unreachable', async () => {
    const fetch = served();
    let gone = false;
    const flaky: typeof globalThis.fetch = async (url, init) => {
      if (gone) throw new TypeError('connect ECONNREFUSED');
      return fetch(url, init);
    };
    const reward = await open(flaky);
    gone = true;
    const [{ total, components }] = (await reward.score([input('a', gold)], { signal })) as [
      Awaited<ReturnType<typeof reward.score>>[0],
    ];
    expect(total).toMatchObject({ kind: 'unscored', reason: expect.stringContaining('ECONNREFUSED') as string });
    expect(components).toEqual({});
  });

  it('fail at once without the right token, whose value no message repeats', async () => {
    await expect(open(served({ token: 'right' }), 'wrong')).rejects.toMatchObject({
      code: 'rejected',
      hint: expect.stringContaining('GLOBE_TOKEN') as string,
    });
    await expect(open(served({ token: 'right' }), 'right')).resolves.toMatchObject({ weights: WEIGHTS });
  });

  it('require a server that is a reward service', async () => {
    await expect(open(async () => Response.json({ hello: 1 }))).rejects.toThrow(
      'is not a valid reward service response',
    );
  });
});
