/**
 * Sends generated requests to a real `globe serve`, several at a time, and valid requests in between. Every well-formed
 * request must be answered with a documented status and a correct body. A status of 500 or above is allowed only if it
 * is a documented 503. No connection may be dropped. The valid requests must always get the same result.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { seedFrom } from '../../../src/core/random.ts';
import { messageOf } from '../../../src/core/errors.ts';
import { picture } from '../../../test/support/photos.ts';
import type { Attack, Outcome, Part, Tools } from './attack.ts';
import { rssBytes, serve, type Service } from './child.ts';
import { startJudge } from './judge/judge-server.ts';
import { type CheckedService, problemOfAnswer, problemOfRawAnswer } from './requests/check.ts';
import { message, type Message, TOKEN } from './requests/messages.ts';
import { type Client, client, sendRaw } from './requests/send.ts';

const REQUESTS = { short: 10_000, full: 100_000 };
const REQUESTS_PER_PART = 2500;
/** Number of requests in flight. */
const CONCURRENCY = 8;
const PROBE_EVERY_MS = 50;
const MEBIBYTE = 1024 * 1024;
const MAX_SHOWN_CHARACTERS = 400;

type Served = CheckedService & { readonly name: string; readonly options: readonly string[] };

/** The services that the parts of the attack use in turn. */
const SERVED: readonly Served[] = [
  {
    name: 'judge',
    weights: { accuracy: 1, visual: 0.5, localizability: 0.5, format: 0.1 },
    options: ['--deadline', '10'],
    maxBodyBytes: 64 * MEBIBYTE,
  },
  { name: 'token', weights: { accuracy: 1, visual: 0.5 }, options: ['--token', TOKEN], maxBodyBytes: 64 * MEBIBYTE },
  {
    name: 'distance',
    weights: { accuracy: 1, format: 1 },
    options: ['--mode', 'distance', '--max-body', '1'],
    maxBodyBytes: MEBIBYTE,
  },
  {
    name: 'length',
    weights: { length: 1, accuracy: 1 },
    options: ['--length', '1024,256'],
    maxBodyBytes: 64 * MEBIBYTE,
  },
];

const honest = {
  rows: [
    {
      id: 'honest',
      completion: '<think>Brick towers and trams.</think><answer>country: Finland\ncity: Helsinki</answer>',
      solution: 'Finland\tHelsinki',
      elements: [{ label: 'tower' }],
      coordinate: { latitude: 60.17, longitude: 24.94 },
      images: [{ id: 'photo' }],
    },
  ],
};

/** Sends the valid request, and returns the answer with its latency. */
async function probe(service: Service): Promise<{ answer: string; ms: number }> {
  const start = performance.now();
  const response = await fetch(`${service.url}/v1/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(honest),
  });
  const answer = `${response.status} ${await response.text()}`;
  return { answer, ms: performance.now() - start };
}

async function problemOf(
  one: Message,
  { service, http, served }: { service: Service; http: Client; served: Served },
): Promise<{ problem: string | undefined; outcome: string }> {
  try {
    if (one.kind === 'raw') {
      const answer = await sendRaw(service.url, one);
      return { problem: problemOfRawAnswer(answer), outcome: `broken, ${answer.slice(9, 12) || 'closed'}` };
    }
    const answer = await http.send(one);
    return { problem: problemOfAnswer(one, answer, served), outcome: `status ${answer.status}` };
  } catch (error) {
    return { problem: `the connection failed: ${messageOf(error)}`, outcome: 'dropped' };
  }
}

function shown(one: Message): string {
  const text =
    one.kind === 'raw'
      ? `${one.name}: ${one.bytes.toString('latin1')}`
      : `${one.method} ${one.path} ${JSON.stringify(one.headers)}${one.chunked ? ' in chunks' : ''} ${one.body.toString()}`;
  return JSON.stringify(text.slice(0, MAX_SHOWN_CHARACTERS));
}

async function attack(
  served: Served,
  { part, requests, scratch, onProgress }: Tools & { part: string; requests: number },
) {
  await writeFile(join(scratch, 'photo.png'), await picture());
  await using judge = await startJudge({ fail: () => {}, protocol: 'http' });
  await judge.heal();
  const weights = Object.entries(served.weights).map(([name, weight]) => `${name}=${weight}`);
  await using service = await serve([
    '--judge',
    judge.spec,
    '--images',
    scratch,
    '--weights',
    weights.join(','),
    ...served.options,
  ]);
  const http = client(service.url);
  const messages = fc.sample(message, { numRuns: requests, seed: seedFrom(part) % 2 ** 31 });
  const { answer: expected } = await probe(service);
  const failures: string[] = [];
  if (!expected.startsWith('200')) failures.push(`the honest request was answered with ${expected}`);
  const counts: Record<string, number> = {};
  const [probeMs, rss]: [number[], number[]] = [[], []];

  const state = { done: 0, isOver: false };
  const queue = messages.entries();
  const work = async (): Promise<void> => {
    for (const [i, one] of queue) {
      const { problem, outcome } = await problemOf(one, { service, http, served });
      if (problem !== undefined) failures.push(`request ${i}: ${problem}. The request: ${shown(one)}`);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      onProgress(++state.done);
    }
  };
  const watch = async (): Promise<void> => {
    while (!state.isOver) {
      const { answer, ms } = await probe(service);
      if (answer !== expected) failures.push(`the honest request was answered with ${answer} instead of ${expected}`);
      probeMs.push(ms);
      rss.push(rssBytes(service.pid) / 1e6);
      await wait(PROBE_EVERY_MS);
    }
  };
  const watching = watch();
  await Promise.all(Array.from({ length: CONCURRENCY }, work)).finally(() => (state.isOver = true));
  await watching;
  http.close();
  if (!service.isRunning()) failures.push('the service ended');
  const faults = service
    .printed()
    .split('\n')
    .filter((line) => /"level":[56]0|This is a bug|Unhandled/u.test(line));
  failures.push(...faults.map((line) => `the service logged ${line.slice(0, 500)}`));
  return { failures, counts, measured: { 'honest request in ms': probeMs, 'RSS in MB': rss } } satisfies Outcome;
}

export const requests: Attack = {
  name: 'requests',
  unit: 'requests',
  parts: (size) =>
    Array.from({ length: REQUESTS[size] / REQUESTS_PER_PART }, (_, i): Part => {
      const served = SERVED[i % SERVED.length]!;
      const part = `${served.name}-${i + 1}`;
      return {
        name: part,
        cases: REQUESTS_PER_PART,
        run: (tools) => attack(served, { ...tools, part, requests: REQUESTS_PER_PART }),
      };
    }),
};
