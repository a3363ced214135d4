/**
 * Tests `globe evaluate` as a user runs it: as a process, on real image files, with an OpenAI-compatible server on
 * loopback.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { ServerOptions, TestServer } from './support/openai-server.ts';

const IMAGES = 24;
const CITIES = ['France\ncity: Paris', 'Finland\ncity: Helsinki', 'Kenya\ncity: Nairobi', 'Peru\ncity: Lima'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-evaluate-cli-'));
  const rows = ['id,lat,lon'];
  for (let i = 0; i < IMAGES; i++) {
    const background = { r: (i * 40) % 256, g: (i * 90) % 256, b: 255 - i };
    await sharp({ create: { width: 32, height: 32, channels: 3, background } })
      .png()
      .toFile(join(folder, `${i}.png`));
    rows.push(`${i}.png,48.85,2.35`);
  }
  await writeFile(join(folder, 'truth.csv'), rows.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

/** An answer depends only on the image, so the order of requests does not matter. */
const answer: ServerOptions['answer'] = (body) => {
  const [image] = imagesIn(body);
  return `<think>A flat colour.</think><answer>country: ${CITIES[image!.bytes.reduce((sum, byte) => sum + byte, 0) % CITIES.length]}</answer>`;
};

function globe(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/cli/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = once(child, 'close').then(([code]) => {
    if (code === 1) process.stdout.write(err);
    return { code: code as number | null, out, err };
  });
  return { child, ended };
}

function start(server: TestServer, run: string, ...more: readonly string[]) {
  const what = ['--benchmark', join(folder, 'truth.csv'), '--images', folder, '--model', `${server.baseUrl}#m`];
  const where = ['--runs', join(folder, 'runs'), '--run', run];
  return globe('evaluate', ...what, ...where, '--concurrency', '3', '--json', ...more);
}

const predictionsOf = (run: string) => readFile(join(folder, 'runs', run, 'predictions.jsonl'));

describe('globe evaluate', () => {
  it('resumes a killed run and ends in the bytes of an uninterrupted run', async () => {
    await using server = await startOpenAIServer({ answer });
    expect(await start(server, 'whole').ended).toMatchObject({ code: 0 });
    const { child, ended } = start(server, 'killed');
    await server.received(IMAGES + 10);
    child.kill('SIGKILL');
    await ended;
    const before = server.requestCount();
    const { code, out, err } = await start(server, 'killed').ended;
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('were already finished') });
    expect(server.requestCount() - before).toBeLessThan(IMAGES);
    expect(await predictionsOf('killed')).toEqual(await predictionsOf('whole'));
    expect(JSON.parse(out)).toMatchObject({ n: IMAGES, answered: IMAGES, failed: 0 });

    const compared = await globe('compare', 'whole', 'killed', '--runs', join(folder, 'runs'), '--json').ended;
    expect(JSON.parse(compared.out)).toMatchObject({ comparisons: [{ n: IMAGES, geoScore: { difference: 0 } }] });
  }, 60_000);

  it('records images that a broken service refused as failed, and retries them', async () => {
    const refused = { kind: 'status', status: 400 } as const;
    const broken = new Set([2, 5]);
    await using server = await startOpenAIServer({
      answer,
      fault: (index) => (broken.has(index) ? refused : undefined),
    });
    const first = await start(server, 'broken').ended;
    expect(first).toMatchObject({ code: 1 });
    // Failed images are unscored. They do not count as wrong answers.
    expect(JSON.parse(first.out)).toMatchObject({ n: IMAGES - 2, failed: 0, answered: IMAGES - 2 });
    expect(first.err).toContain(`2 of ${IMAGES} images failed`);
    expect(first.err).toContain('Run the same command again to retry them');
    const second = await start(server, 'broken').ended;
    expect(JSON.parse(second.out)).toMatchObject({ n: IMAGES, failed: 0 });
    expect(second).toMatchObject({ code: 0 });
    expect(server.requestCount()).toBe(IMAGES + 2);
  }, 60_000);

  it('reports a model that never names a place as 0 %', async () => {
    await using server = await startOpenAIServer({ answer: () => 'A lovely photo.' });
    const { code, out } = await start(server, 'base').ended;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ n: IMAGES, answered: 0, accuracy: { 2500: { percent: 0, n: IMAGES } } });
  }, 60_000);

  it('ends at once with exit code 1 for a wrong key', async () => {
    await using server = await startOpenAIServer({ fault: () => ({ kind: 'status', status: 401 }) });
    const { code, out, err } = await start(server, 'key').ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Set a valid key');
    expect(server.requestCount()).toBeLessThanOrEqual(3);
  }, 60_000);

  it('ends with exit code 1 after its patience, and resumes without loss', async () => {
    let isDown = true;
    const fault: ServerOptions['fault'] = (index) =>
      isDown && index >= 6 ? { kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } } : undefined;
    await using server = await startOpenAIServer({ answer, fault });
    const { code, err } = await start(server, 'outage', '--patience', '0.01').ended;
    expect(code).toBe(1);
    expect(err).toContain('Start the service and run the same command again');
    expect(err).not.toContain('images failed');
    expect(err.match(/Attempt \d failed/g)).toHaveLength(1);
    isDown = false;
    const second = await start(server, 'outage').ended;
    expect(second.code).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ n: IMAGES, answered: IMAGES });
    expect(second.err).toContain('6 images were already finished');
  }, 60_000);

  it('pauses while the server restarts, and loses no image', async () => {
    let faults = 0;
    const fault: ServerOptions['fault'] = (index) =>
      index >= 6 && faults++ < 18 ? { kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } } : undefined;
    await using server = await startOpenAIServer({ answer, fault });
    const { code, out, err } = await start(server, 'restart').ended;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ n: IMAGES, answered: IMAGES, failed: 0 });
    for (const line of [/The service is down/g, /The service answers again/g, /Attempt \d failed/g]) {
      expect(err.match(line), `${line}`).toHaveLength(1);
    }
  }, 60_000);

  it('says after Ctrl-C how to resume, and refuses to resume with other options', async () => {
    await using server = await startOpenAIServer({ answer });
    const { child, ended } = start(server, 'stopped');
    await server.received(5);
    child.kill('SIGINT');
    const stopped = await ended;
    expect(stopped).toMatchObject({ code: 130, out: '' });
    expect(stopped.err).toContain('Finished work is kept: run the same command again to resume.');
    const { code, err } = await start(server, 'stopped', '--samples', '2').ended;
    expect(code).toBe(2);
    expect(err).toContain('samples was 1, is now 2');
  }, 60_000);
});
