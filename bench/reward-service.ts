/**
 * The reward service as a trainer meets it: in a process of its own, its judge in another. First latency under an open
 * load (requests leave on schedule, whether or not earlier ones came back, and are timed from when they were due); then
 * 10,000 rows while the judge is killed, restarted, hangs and answers garbage. The "peer" is the target, 50 ms.
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

const here = import.meta.dirname;
type Row = { readonly id: string; readonly total: number | null; readonly error?: string };

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
    const latencies: { p50: number; p99: number; worst: number }[] = [];
    for (let run = 0; run < runs; run++) {
      const load = { seconds: SECONDS, rowsPerSecond: ROWS_PER_SECOND, run: String(run) };
      const times = (await offer(service.url, load)).toSorted((a, b) => a - b);
      latencies.push({ p50: quantile(times, 0.5)!, p99: quantile(times, 0.99)!, worst: times.at(-1)! });
      note(`p50 ${latencies.at(-1)!.p50.toFixed(1)} ms, p99 ${latencies.at(-1)!.p99.toFixed(1)} ms`);
    }
    const outage = await throughOutages(hurried, {
      judge,
      note,
      replaced: (next) => (judgeNow = next),
    });
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
        outage,
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
    ],
    'stderr',
  );

/** Smooth colours: a photo's size in bytes, without a photo. */
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

/** Rows of one request; no two completions of a run are alike, so that nothing comes from a cache. */
const rowsOf = (request: number, count: number, run: string): object[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${request}/${i}`,
    sample_id: String(request),
    completion: `<think>Low brick buildings line the road, and a green tram number ${request * count + i} of line ${run} passes a white church. The trees are birches, and the signs are in two languages.</think><answer>country: Finland\ncity: ${CITIES[i % CITIES.length]}</answer>`,
    solution: 'Finland\tHelsinki',
    elements: ['building', 'road', 'tram', 'church', 'tree'].map((label) => ({ label, share: 0.1 })),
    images: [{ id: String(request % IMAGES) }],
  }));

async function score(url: string, rows: readonly object[]): Promise<{ status: number; rows: Row[] }> {
  const response = await fetch(new URL('/v1/score', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows }),
  });
  return { status: response.status, rows: ((await response.json()) as { rows: Row[] }).rows };
}

/** Milliseconds of every request, from when it was due. Throws when a row comes back unscored: that is no latency. */
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
    if (missing !== undefined) throw new Error(`Row ${missing.id} was not scored: ${missing.error}`);
    return performance.now() - due;
  };
  return Promise.all(Array.from({ length: (seconds * 1000) / every }, (_, i) => one(i)));
}

/** What happens to the judge once this share of the rows has been sent. */
const MISFORTUNES = [
  [0.15, 'kill'],
  [0.3, 'restart'],
  [0.45, 'hang'],
  [0.6, 'ok'],
  [0.75, 'garbage'],
  [0.85, 'ok'],
] as const;

async function throughOutages(
  service: Child,
  options: { judge: Child; note: (text: string) => void; replaced: (next: Child) => void },
): Promise<Record<string, unknown>> {
  let judge = options.judge;
  const port = Number(new URL(judge.url).port);
  const before = await service.memoryMiB();
  const counts = { scored: 0, unscored: 0, zero: 0, outOfOrder: 0, answers503: 0 };
  const reasons = new Map<string, number>();
  const requests = OUTAGE_ROWS / OUTAGE_ROWS_PER_REQUEST;
  const coming = [...MISFORTUNES];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const request = next++;
      const [due] = coming;
      if (due !== undefined && request / requests >= due[0]) {
        coming.shift();
        options.note(`row ${request * OUTAGE_ROWS_PER_REQUEST}: ${due[1]}`);
        if (due[1] === 'kill') await judge.kill();
        else if (due[1] === 'restart') options.replaced((judge = await startJudge(port)));
        else await fetch(judge.url.replace('/v1', '/mode'), { method: 'PUT', body: due[1] });
      }
      const sent = rowsOf(request, OUTAGE_ROWS_PER_REQUEST, 'outage');
      const { status, rows } = await score(service.url, sent);
      if (status === 503) counts.answers503 += 1;
      for (const [i, row] of rows.entries()) {
        if (row.id !== (sent[i] as Row).id) counts.outOfOrder += 1;
        if (row.total === null) {
          counts.unscored += 1;
          const reason = (row.error ?? 'NO REASON').slice(0, 80);
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        } else if (row.total === 0) counts.zero += 1;
        else counts.scored += 1;
      }
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const after = await service.memoryMiB();
  return {
    rows: OUTAGE_ROWS,
    ...counts,
    reasons: Object.fromEntries(reasons),
    seconds: Math.round((performance.now() - start) / 1000),
    misfortunes: MISFORTUNES.map(([share, what]) => `${share * 100} %: ${what}`).join(', '),
    memoryMiB: { before: Math.round(before.now), after: Math.round(after.now), most: Math.round(after.most) },
  };
}
