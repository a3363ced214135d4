/** Tests runs of `globe locate`: kills, interruptions, dead servers, full disks, copies and changed files. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { random } from '../src/core/random.ts';
import { imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { ChatBody, TestServer } from './support/openai-server.ts';
import { photoWithMetadata } from './support/photos.ts';
import { runGlobe, runGlobeHere } from './support/run-globe.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const CITIES = ['Japan\ncity: Hamada', 'France\ncity: Lyon', 'Chile\ncity: Arica', 'Kenya\ncity: Nakuru'];

/** Kills of a run, each after about the same number of photos. More of them: GLOBE_KILLS=20. */
const KILLS = Number(process.env['GLOBE_KILLS'] ?? 4);
const PHOTOS = 15 * KILLS;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-locate-run-'));
  await mkdir(join(folder, 'album'));
});
afterEach(async () => rm(folder, { recursive: true }));

/** Writes p1.png … pN.png, each in its own colour. */
async function draw(count: number, { first = 1 } = {}): Promise<void> {
  for (let i = first; i < first + count; i++) {
    const background = { r: i % 256, g: (i * 7) % 256, b: Math.floor(i / 256) };
    const image = sharp({ create: { width: 16, height: 12, channels: 3, background } });
    await image.png().toFile(join(folder, 'album', `p${i}.png`));
  }
}

/** Answers by the size of the sent image, so that every request for a photo gets the same answer. */
const answer = (body: ChatBody): string => {
  const sum = imagesIn(body)[0]!.bytes.reduce((total, byte) => total + byte, 0);
  return `<think>Sign number ${sum}.</think><answer>country: ${CITIES[sum % CITIES.length]}</answer>`;
};

async function configure(server: Pick<TestServer, 'baseUrl'>): Promise<void> {
  const models = { served: { baseUrl: server.baseUrl, model: 'm', retry: { baseDelayMs: 1, maxDelayMs: 5 } } };
  await writeFile(join(folder, 'globe.config.json'), JSON.stringify({ models, defaultModel: 'served' }));
}

const locate = async (args: readonly string[]) =>
  runGlobeHere(['locate', 'album', '--quiet', ...args], { cwd: folder });
const results = async (run: string) => readFile(join(folder, 'runs', run, 'results.json'), 'utf8');
const imagesOf = (json: string): string[] =>
  (JSON.parse(json) as { results: { image: string }[] }).results.map(({ image }) => image);

describe('a run', () => {
  it(`that is killed ${KILLS} times exports what an undisturbed run exports`, { timeout: 600_000 }, async () => {
    await draw(PHOTOS);
    await using server = await startOpenAIServer({ answer });
    await configure(server);
    expect(await locate(['--run', 'whole', '--concurrency', '4'])).toMatchObject({ exitCode: 0 });
    const asked = server.requestCount();
    expect(asked).toBe(PHOTOS);
    const generator = random(19);
    const args = ['locate', 'album', '--quiet', '--run', 'killed', '--concurrency', '4'];
    for (let kills = 0; kills < KILLS; kills++) {
      const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: 'ignore' });
      const exit = once(child, 'exit');
      await server.received(server.requestCount() + 1 + generator.integer(PHOTOS / (KILLS + 1) - 4));
      await wait(generator.integer(8));
      child.kill('SIGKILL');
      await exit;
    }
    expect(await runGlobe(args, { cwd: folder })).toMatchObject({ exitCode: 0 });
    for (const name of ['results.json', 'results.csv', 'results.geojson', 'results.html']) {
      const [whole, killed] = await Promise.all(
        ['whole', 'killed'].map(async (run) => readFile(join(folder, 'runs', run, name), 'utf8')),
      );
      expect(killed, name).toBe(whole);
    }
    // At most the requests in flight at each kill were repeated.
    expect(server.requestCount() - asked).toBeLessThanOrEqual(PHOTOS + KILLS * 6);
  });

  it('keeps and exports the answers so far at Ctrl-C, with and without a name', { timeout: 60_000 }, async () => {
    await draw(20);
    for (const named of [[], ['--run', 'stopped']]) {
      await using server = await startOpenAIServer({
        answer,
        fault: (index) => (index < 6 ? undefined : { kind: 'hang' }),
      });
      await configure(server);
      const args = ['locate', 'album', '--json', '--output', 'out.json', '--concurrency', '1', ...named];
      const run = await runGlobe(args, {
        cwd: folder,
        started: async (child) => {
          await server.received(7);
          child.kill('SIGINT');
        },
      });
      expect(run).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Interrupted.') });
      expect(imagesOf(await readFile(join(folder, 'out.json'), 'utf8'))).toEqual(
        [1, 2, 3, 4, 5, 6].map((i) => `album/p${i}.png`),
      );
    }
    await using server = await startOpenAIServer({ answer });
    await configure(server);
    expect(await locate(['--run', 'stopped'])).toMatchObject({ exitCode: 0 });
    expect(server.requestCount()).toBe(14);
    expect(imagesOf(await results('stopped'))).toHaveLength(20);
  });

  it('ends after 20 failures in a row without repeating every request, and finishes later', async () => {
    await draw(60);
    let isDead = false;
    await using server = await startOpenAIServer({
      answer,
      fault: (index) => {
        isDead ||= index >= 5 && index < 1000;
        return isDead ? { kind: 'reset' } : undefined;
      },
    });
    await configure(server);
    const stopped = await locate(['--run', 'dead', '--concurrency', '4']);
    expect(stopped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('20 photos in a row failed') });
    // Without the limit, each of the 20 photos would take 6 requests. How many take more than one depends on timing.
    expect(server.requestCount()).toBeLessThan(5 + (20 * 6) / 2);
    const kinds = (JSON.parse(await results('dead')) as { results: { kind: string }[] }).results.map(
      ({ kind }) => kind,
    );
    expect(kinds.filter((kind) => kind === 'located')).toHaveLength(5);
    await using alive = await startOpenAIServer({ answer });
    await configure(alive);
    expect(await locate(['--run', 'dead'])).toMatchObject({ exitCode: 0 });
    expect(alive.requestCount()).toBe(55);
    expect(imagesOf(await results('dead'))).toHaveLength(60);
  });

  it('sends a photo that appears twice once, and a changed photo again', async () => {
    await draw(3);
    await writeFile(join(folder, 'album', 'copy.png'), await readFile(join(folder, 'album', 'p2.png')));
    await using server = await startOpenAIServer({ answer });
    await configure(server);
    expect(await locate(['--run', 'copies'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('4 of 4 photos located, 1 copies answered with their original'),
    });
    expect(server.requestCount()).toBe(3);
    const before = JSON.parse(await results('copies')) as { results: { place: unknown }[]; usage: object };
    expect(before.results[0]!.place).toEqual(before.results[2]!.place);
    await runGlobeHere(['review', 'copies', 'accept', 'p1.png', 'p2.png', '--by', 'Ana'], { cwd: folder });
    expect(before.usage).toEqual({ promptTokens: 3000, completionTokens: 120 });
    await sharp(join(folder, 'album', 'p3.png'))
      .negate()
      .png()
      .toFile(join(folder, 'album', 'p1.png'));
    expect(await locate(['--run', 'copies'])).toMatchObject({ exitCode: 0 });
    expect(server.requestCount()).toBe(4);
    // The decision on the earlier content of p1 does not confirm the new answer.
    const after = JSON.parse(await results('copies')) as { results: { image: string; review?: { by: string } }[] };
    const reviewed = after.results.filter(({ review }) => review !== undefined).map(({ image }) => image);
    expect(reviewed).toEqual(['album/p2.png']);
  });

  it('lists photos in natural order, and leaves out those with a position on request', async () => {
    await draw(10);
    await writeFile(join(folder, 'album', 'p11.jpg'), await photoWithMetadata());
    await using server = await startOpenAIServer({ answer });
    await configure(server);
    const run = await locate(['--run', 'plain', '--only-without-gps']);
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('10 of 11 photos located, 1 left out') });
    expect(imagesOf(await results('plain'))).toEqual(Array.from({ length: 10 }, (_, i) => `album/p${i + 1}.png`));
    expect(server.requestCount()).toBe(10);
  });

  it('refuses other options, and estimates the cost without a request', async () => {
    await draw(2);
    await using server = await startOpenAIServer({ answer });
    await configure(server);
    const estimate = await locate(['--estimate']);
    expect(estimate.stdout).toMatch(/^2 photos\. About [\d,]+ prompt and 320 completion tokens.* No price is known/);
    expect(server.requestCount()).toBe(0);
    expect(await locate(['--run', 'one'])).toMatchObject({ exitCode: 0 });
    const other = await locate(['--run', 'one', '--samples', '3']);
    expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('samples was 1, is now 3') });
  });
});

describe('an output that cannot be written', () => {
  it('loses no answer', async () => {
    await draw(4);
    await using server = await startOpenAIServer({ answer });
    await configure(server);
    for (const output of [
      ['--json', '--output', '/dev/full'],
      ['--run', 'full', '--json', '--output', '/dev/full'],
    ]) {
      const run = await locate(output);
      expect(run).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/could not be written: .*no space left/),
      });
      const kept = /globe export (\S+) /.exec(run.stderr)![1]!;
      const log = await readFile(
        join(folder, kept.startsWith('/') ? '' : '.', kept, 'answers.log.jsonl'),
        'utf8',
      ).catch(async () => readFile(join(kept, 'answers.log.jsonl'), 'utf8'));
      expect(log.trim().split('\n')).toHaveLength(4);
      if (kept.startsWith('/')) await rm(join(kept, '..'), { recursive: true });
    }
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" locate album --quiet --json > /dev/full`], {
      cwd: folder,
    });
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(shell, 'exit')).toEqual([1, null]);
    expect(stderr).toMatch(
      /Cannot write to stdout: .*no space left[\s\S]*No answer is lost: globe export \S+ --format json/,
    );
    expect(stderr).not.toContain('This is a bug');
    await rm(join(/globe export (\S+) /.exec(stderr)![1]!, '..'), { recursive: true });
  });

  const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
  if (!mayMount) process.stderr.write('Skipped: this system does not allow a full disk in a mount of its own.\n');

  it.skipIf(!mayMount)(
    'loses no answer on a full disk, and finishes when there is space',
    { timeout: 120_000 },
    async () => {
      await draw(60);
      await mkdir(join(folder, 'disk'));
      // Each answer is long, so that the disk is full after about 20 of them.
      let answered = 0;
      await using server = await startOpenAIServer({
        answer: (body) => {
          answered += 1;
          return answer(body).replace('Sign', `${'A long reason. '.repeat(2000)}Sign`);
        },
      });
      await configure(server);
      const globe = `"${process.execPath}" "${MAIN}" locate album --quiet --runs disk --run r --concurrency 2`;
      const script = `set -u
mount -t tmpfs -o size=4m none disk
head -c 2400k /dev/zero > disk/filler
${globe} 2> first.txt; echo $? > first.code
cp disk/r/answers.log.jsonl first.jsonl
rm disk/filler
mount -o remount,size=64m disk
${globe} 2> second.txt; echo $? > second.code
cp disk/r/results.json second.json`;
      const run = spawn('unshare', ['-rm', 'sh', '-c', script], { cwd: folder, stdio: 'inherit' });
      await once(run, 'exit');
      const text = async (name: string) => readFile(join(folder, name), 'utf8');
      expect(await text('first.code')).toBe('1\n');
      expect(await text('first.txt')).toMatch(/no space left|disk is full/i);
      const lines = (await text('first.jsonl')).split('\n');
      expect(lines.at(-1)).toBe('');
      expect(lines.length - 1).toBeGreaterThan(5);
      expect(lines.length - 1).toBeLessThan(60);
      expect(await text('second.code'), await text('second.txt')).toBe('0\n');
      expect(imagesOf(await text('second.json'))).toHaveLength(60);
      // Every answer of the first call was kept; at most the requests that it dropped were repeated.
      expect(answered).toBeLessThanOrEqual(60 + 4);
    },
  );
});
