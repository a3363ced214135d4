/**
 * Measures the reward service in the way that a trainer uses it, with service and judge in separate processes. The
 * first part measures latency under an open load: requests are sent on schedule even if earlier requests are pending,
 * and latency counts from the scheduled time. The second part sends 10,000 rows twice. Meanwhile, the judge is killed,
 * restarted, hangs and returns garbage. The client retries unscored rows after the time in Retry-After. The "peer" is
 * the target of 50 ms.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { quantile } from '../src/core/statistics/index.ts';
import type { Bench } from './bench.ts';
import { medianOf, rounded } from './bench.ts';
import { type Child, startChild } from './support/children.ts';

const ROWS_PER_SECOND = 500;
const ROWS_PER_REQUEST = 5;
const SECONDS = 20;
const JUDGE_MS = 20;
const TARGET_MS = 50;
const IMAGES = 32;
const SIZE = { width: 500, height: 375 };
const OUTAGE_ROWS = 10_000;
const OUTAGE_ROWS_PER_REQUEST = 50;
const IN_FLIGHT = 4;
const DEADLINE_SECONDS = 3;
const COOL_DOWN_SECONDS = 1;
const MAX_WAITS = 20;

const here = import.meta.dirname;
type ScoredRow = { readonly id: string; readonly total: number | null; readonly error?: string };

export const bench: Bench = async ({ runs, note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'globe-bench-'));
  const images = join(folder, 'images');
  await mkdir(images);
  await Promise.all(Array.from({ length: IMAGES }, (_, i) => writeImage(join(images, `${i}.jpg`), i)));
  const judge = await startJudge(0);
  const service = await startService({ judge: judge.url, images, deadlineSeconds: 60 });
  const hurried = await startService({ judge: judge.url, images, deadlineSeconds: DEADLINE_SECONDS });
  let judgeNow = judge;
  try {
    await offer(service.url, { seconds: 5, rowsPerSecond: ROWS_PER_SECOND / 5, run: 'warm' });
    const latencies: { p50: number; p99: number; worst: number; cpuMsPerRow: number }[] = [];
    for (let run = 0; run < runs; run++) {
      const load = { seconds: SECONDS, rowsPerSecond: ROWS_PER_SECOND, run: String(run) };
      const before = await service.usage();
      const times = (await offer(service.url, load)).toSorted((a, b) => a - b);
      const cpuMsPerRow = ((await service.usage()).cpuMs - before.cpuMs) / (SECONDS * ROWS_PER_SECOND);
      latencies.push({ p50: quantile(times, 0.5)!, p99: quantile(times, 0.99)!, worst: times.at(-1)!, cpuMsPerRow });
      note(
        `p50 ${latencies.at(-1)!.p50.toFixed(1)} ms, p99 ${latencies.at(-1)!.p99.toFixed(1)} ms, ${cpuMsPerRow.toFixed(2)} ms of processor a row`,
      );
    }
    const fate = { now: () => judgeNow, replaced: (next: Child) => (judgeNow = next), note };
    const beforeMiB = Math.round((await hurried.usage()).most);
    const outages: Record<string, unknown>[] = [];
    for (const run of ['first', 'second']) {
      outages.push(await throughOutages(hurried, run, fate));
      note(JSON.stringify(outages.at(-1)));
    }
    const p99 = medianOf(latencies, (run) => run.p99);
    return {
      ratio: rounded(TARGET_MS / p99),
      ours: rounded(p99),
      peer: TARGET_MS,
      unit: 'ms (99th percentile of requests)',
      protocol: {
        offered: `${ROWS_PER_SECOND} rows/s in requests of ${ROWS_PER_REQUEST}, open loop, ${SECONDS} s, every completion distinct`,
        reward: 'paper mode, all four components, weights of the release’s script',
        judge: `own process, answers after ${JUDGE_MS} ms; images ${SIZE.width} × ${SIZE.height}, ${IMAGES} of them`,
        machine: `service, judge and client share ${availableParallelism()} cores`,
        peer: 'no system: the target of the project',
      },
      more: {
        latencies: latencies.map(({ p50, p99: high, worst }) => ({
          p50: rounded(p50),
          p99: rounded(high),
          worst: rounded(worst),
        })),
        cpuMsPerRow: rounded(medianOf(latencies, (run) => run.cpuMsPerRow)),
        outages: {
          misfortunes: FAULTS.map(({ share, what, seconds }) => `${share * 100} %: ${what} for ${seconds} s`).join(
            ', ',
          ),
          client: `${IN_FLIGHT} requests of ${OUTAGE_ROWS_PER_REQUEST} at a time, asked again as Retry-After says, ${MAX_WAITS} times at most`,
          beforeMiB,
          runs: outages,
        },
      },
    };
  } finally {
    await service.kill();
    await hurried.kill();
    await judgeNow.kill();
    await rm(folder, { recursive: true });
  }
};

const startJudge = (port: number): Promise<Child> =>
  startChild([join(here, 'support/judge-server.ts'), `--port=${port}`, `--latency=${JUDGE_MS}`], 'stdout');

type Serving = { readonly judge: string; readonly images: string; readonly deadlineSeconds: number };

const startService = ({ judge, images, deadlineSeconds }: Serving): Promise<Child> =>
  startChild(
    [
      join(here, '../src/cli/main.ts'),
      'serve',
      '--port=0',
      '--weights=script',
      `--judge=${judge}#judge`,
      '--judge-concurrency=64',
      `--images=${images}`,
      `--deadline=${deadlineSeconds}`,
      `--judge-cool-down=${COOL_DOWN_SECONDS}`,
    ],
    'stderr',
  );

/** Writes an image of smooth colours, whose compressed size is about that of a photo. */
async function writeImage(path: string, i: number): Promise<void> {
  const { width, height } = SIZE;
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    pixels[at] = 128 + 100 * Math.sin((x * (1 + (at % 3)) + y * (i + 1)) / 40);
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toFile(path);
}

const CITIES = ['Helsinki', 'Turku', 'Tampere', 'Oulu', 'Vaasa'];

/** Returns the rows of a request. All completions of a run differ, so that no cache can answer. */
const rowsOf = (request: number, count: number, run: string): { readonly id: string }[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${request}/${i}`,
    sample_id: String(request),
    completion: `<think>Low brick buildings line the road, and a green tram number ${request * count + i} of line ${run} passes a white church. The trees are birches, and the signs are in two languages.</think><answer>country: Finland\ncity: ${CITIES[i % CITIES.length]}</answer>`,
    solution: 'Finland\tHelsinki',
    elements: ['building', 'road', 'tram', 'church', 'tree'].map((label) => ({ label, share: 0.1 })),
    images: [{ id: String(request % IMAGES) }],
  }));

type Answer = { readonly status: number; readonly retryAfterSeconds: number; readonly rows: ScoredRow[] };

async function score(url: string, rows: readonly object[]): Promise<Answer> {
  const response = await fetch(new URL('/v1/score', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows }),
  });
  const retryAfterSeconds = Number(response.headers.get('Retry-After'));
  const answer = (await response.json()) as { rows: ScoredRow[] };
  return { status: response.status, retryAfterSeconds, rows: answer.rows };
}

/**
 * Sends requests on schedule. Returns the latency of each request in ms, counted from its scheduled time. Throws if a
 * row is unscored, because the latency of a failed request means nothing.
 */
async function offer(
  url: string,
  { seconds, rowsPerSecond, run }: { seconds: number; rowsPerSecond: number; run: string },
): Promise<number[]> {
  const every = (1000 * ROWS_PER_REQUEST) / rowsPerSecond;
  const start = performance.now();
  const one = async (request: number): Promise<number> => {
    const due = start + request * every;
    await sleep(Math.max(0, due - performance.now()));
    const { rows } = await score(url, rowsOf(request, ROWS_PER_REQUEST, run));
    const missing = rows.find(({ total }) => total === null);
    if (missing !== undefined) throw new Error(`Row ${missing.id} is unscored: ${missing.error}`);
    return performance.now() - due;
  };
  return Promise.all(Array.from({ length: (seconds * 1000) / every }, (_, i) => one(i)));
}

/** Faults of the judge. A fault starts when this `share` of the rows has been sent, and lasts `seconds`. */
const FAULTS = [
  { share: 0.15, what: 'killed', seconds: 6 },
  { share: 0.45, what: 'hang', seconds: 6 },
  { share: 0.75, what: 'garbage', seconds: 6 },
] as const;

type Judge = { readonly now: () => Child; readonly replaced: (next: Child) => void; note(text: string): void };

async function injectFault({ what, seconds }: (typeof FAULTS)[number], judge: Judge): Promise<void> {
  const mode = (name: string): Promise<unknown> =>
    fetch(judge.now().url.replace('/v1', '/mode'), { method: 'PUT', body: name });
  const port = Number(new URL(judge.now().url).port);
  judge.note(`Judge: ${what}`);
  if (what === 'killed') await judge.now().kill();
  else await mode(what);
  await sleep(seconds * 1000);
  if (what === 'killed') judge.replaced(await startJudge(port));
  else await mode('ok');
  judge.note('Judge: restored');
}

/**
 * Sends a request. Retries its unscored rows as long as the service sends Retry-After. Returns the rows in their
 * original order.
 */
async function scoreWithRetries(
  url: string,
  sent: readonly { readonly id: string }[],
): Promise<{ rows: ScoredRow[]; waits: number }> {
  const ends = new Map<string, ScoredRow>();
  for (let waits = 0; ; waits++) {
    const open = sent.filter(({ id }) => (ends.get(id)?.total ?? null) === null);
    const { status, retryAfterSeconds, rows } = await score(url, open);
    if (rows.some(({ id }, i) => id !== open[i]!.id))
      throw new Error('The service returned the rows in another order.');
    for (const row of rows) ends.set(row.id, row);
    if (status !== 503 || waits === MAX_WAITS) return { rows: sent.map(({ id }) => ends.get(id)!), waits };
    await sleep(1000 * retryAfterSeconds);
  }
}

/** Sends 10,000 rows while the judge goes through all FAULTS. */
async function throughOutages(service: Child, run: string, judge: Judge): Promise<Record<string, unknown>> {
  const counts = { scored: 0, unscored: 0, zero: 0, retriedRequests: 0 };
  const reasons = new Map<string, number>();
  const requests = OUTAGE_ROWS / OUTAGE_ROWS_PER_REQUEST;
  const remainingFaults = [...FAULTS];
  const activeFaults: Promise<void>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const request = next++;
      if (remainingFaults[0] !== undefined && request / requests >= remainingFaults[0].share)
        activeFaults.push(injectFault(remainingFaults.shift()!, judge));
      const sent = rowsOf(request, OUTAGE_ROWS_PER_REQUEST, run);
      const { rows, waits } = await scoreWithRetries(service.url, sent);
      if (waits > 0) counts.retriedRequests += 1;
      for (const { total, error = 'NO REASON' } of rows) {
        if (total === null) {
          counts.unscored += 1;
          reasons.set(error.slice(0, 80), (reasons.get(error.slice(0, 80)) ?? 0) + 1);
        } else if (total === 0) counts.zero += 1;
        else counts.scored += 1;
      }
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  await Promise.all(activeFaults);
  const seconds = Math.round((performance.now() - start) / 1000);
  const { most } = await service.usage();
  return { rows: OUTAGE_ROWS, ...counts, reasons: Object.fromEntries(reasons), seconds, mostMiB: Math.round(most) };
}
