/**
 * Sends six hostile images in one request. Memory must stay bounded, the deadline must be met, and /health must answer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import type { Attack, Outcome } from './attack.ts';
import { rssBytes, startProgram } from './child.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DEADLINE_SECONDS = 10;
const MAX_RSS_BYTES = 800_000_000;
const MAX_HEALTH_MS = 100;

/** Makes images of one colour. They are as large as the format or the service's limit allows, or larger. */
async function hostileImages(): Promise<Buffer[]> {
  const flat = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: 'green' }, limitInputPixels: false });
  const heic = readFileSync(join(ROOT, 'src/image/fixtures/flat-48-megapixels.heic'));
  return [
    heic,
    Buffer.concat([heic, Buffer.of(0)]),
    await flat(5000, 4990).png({ progressive: true }).toBuffer(),
    await flat(4990, 5000).jpeg({ progressive: true }).toBuffer(),
    await flat(5000, 4980).webp({ lossless: true }).toBuffer(),
    await flat(12_000, 12_000).png().toBuffer(),
  ];
}

async function attackWith(bodies: readonly Buffer[]): Promise<Outcome> {
  await using service = await startProgram([
    join(import.meta.dirname, 'serve-with-judge.ts'),
    String(DEADLINE_SECONDS),
  ]);
  const rows = bodies.map((bytes, i) => ({
    id: String(i),
    completion: '<answer>France</answer>',
    solution: 'France\tParis',
    images: [{ base64: bytes.toString('base64') }],
  }));
  const state = { done: false };
  const start = performance.now();
  const scoring = fetch(`${service.url}/v1/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows }),
  }).finally(() => (state.done = true));
  const health: number[] = [];
  let rss = 0;
  while (!state.done) {
    const sent = performance.now();
    await (await fetch(`${service.url}/health`)).text();
    health.push(performance.now() - sent);
    rss = Math.max(rss, rssBytes(service.pid));
    await wait(20);
  }
  const { status } = await scoring;
  const seconds = (performance.now() - start) / 1000;
  const slowest = Math.max(...health);
  const failures = [
    ...(status === 200 || status === 503 ? [] : [`the request was answered with status ${status}`]),
    ...(seconds < DEADLINE_SECONDS + 2 ? [] : [`the answer took ${seconds.toFixed(1)} s`]),
    ...(rss < MAX_RSS_BYTES ? [] : [`resident memory reached ${Math.round(rss / 1e6)} MB`]),
    ...(slowest < MAX_HEALTH_MS ? [] : [`/health took ${Math.round(slowest)} ms`]),
  ];
  return { failures, measured: { seconds: [seconds], 'RSS in MB': [rss / 1e6], 'health in ms': health } };
}

/** Repeats a failed attack, because a busy machine may delay one answer, but rarely in three attacks. */
async function attackUpTo3Times(bodies: readonly Buffer[]): Promise<Outcome> {
  let outcome = await attackWith(bodies);
  for (let repeat = 0; repeat < 2 && outcome.failures.length > 0; repeat++) outcome = await attackWith(bodies);
  return outcome;
}

export const images: Attack = {
  name: 'images',
  unit: 'hostile images',
  parts: async () => {
    const bodies = await hostileImages();
    return [{ name: 'six in one request', cases: bodies.length, run: () => attackUpTo3Times(bodies) }];
  },
};
