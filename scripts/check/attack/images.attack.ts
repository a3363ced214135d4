/**
 * Sends six hostile images in one request. Memory must stay bounded, the deadline must hold, and /health must answer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const DEADLINE_SECONDS = 10;
const MAX_RSS_BYTES = 800_000_000;

/** Images of one colour that are as large as the format or the service's limit allows, or larger. */
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

it('keeps its memory, its deadline and its health check', async () => {
  const images = await hostileImages();
  const service = spawn(
    process.execPath,
    [join(import.meta.dirname, 'serve-with-judge.ts'), String(DEADLINE_SECONDS)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [url] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
    const rows = images.map((bytes, i) => ({
      id: String(i),
      completion: '<answer>France</answer>',
      solution: 'France\tParis',
      images: [{ base64: bytes.toString('base64') }],
    }));
    const state = { done: false };
    const start = performance.now();
    const scoring = fetch(`${url}/v1/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows }),
    }).finally(() => (state.done = true));
    const health: number[] = [];
    let rss = 0;
    while (!state.done) {
      const asked = performance.now();
      await (await fetch(`${url}/health`)).text();
      health.push(performance.now() - asked);
      const pages = Number(readFileSync(`/proc/${service.pid}/statm`, 'utf8').split(' ')[1]);
      rss = Math.max(rss, pages * 4096);
      await wait(20);
    }
    const response = await scoring;
    const seconds = (performance.now() - start) / 1000;
    console.log({ status: response.status, seconds, rss, health: Math.max(...health), probes: health.length });
    console.log(await response.json());
    expect(seconds).toBeLessThan(DEADLINE_SECONDS + 2);
    expect(rss).toBeLessThan(MAX_RSS_BYTES);
    expect(Math.max(...health)).toBeLessThan(100);
  } finally {
    service.kill();
  }
});
