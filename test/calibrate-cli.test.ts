/** Tests `globe calibrate` on an evaluated run, and the calibration in `globe locate` and `globe evaluate`. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { TestServer } from './support/openai-server.ts';
import { runGlobeHere } from './support/run-globe.ts';

const IMAGES = 240;
let folder: string;
let server: TestServer;

/** The red value of a photo's pixels says how many of its five samples name the true city, Lyon. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-calibrate-'));
  await mkdir(join(folder, 'images'));
  const rows = ['IMG_ID,LAT,LON'];
  const rightOf = new Map<string, number>();
  for (let i = 0; i < IMAGES; i++) {
    const background = { r: i, g: 255 - i, b: (i * 31) % 256 };
    const image = sharp({ create: { width: 16, height: 16, channels: 3, background } });
    await image.png().toFile(join(folder, 'images', `${i}.png`));
    // With k of 5 samples for Lyon, Lyon is right in k of 5 photos.
    const agreeing = 1 + (i % 5);
    const isLyon = Math.floor(i / 5) % 5 < agreeing;
    rows.push(`${i}.png,${isLyon ? '45.75,4.85' : '-18.47,-70.3'}`);
    rightOf.set(String(i), agreeing);
  }
  await writeFile(join(folder, 'truth.csv'), `${rows.join('\n')}\n`);
  server = await startOpenAIServer({
    answer: (body, sample) => {
      const red = redOf.get(imagesIn(body)[0]!.bytes.toString('base64').slice(-200));
      const agreeing = 1 + ((red ?? 0) % 5);
      return sample < agreeing ? 'country: France\ncity: Lyon' : `country: ${OTHERS[sample]}`;
    },
  });
  for (let i = 0; i < IMAGES; i++) {
    const { prepareImage } = await import('../src/image/prepare-image.ts');
    const { bytes } = await prepareImage(join(folder, 'images', `${i}.png`));
    redOf.set(Buffer.from(bytes).toString('base64').slice(-200), i);
  }
  const run = await globe(
    'evaluate',
    '--benchmark',
    'truth.csv',
    '--images',
    'images',
    '--run',
    'e',
    ...MODEL(),
    '--quiet',
  );
  if (run.exitCode !== 0) throw new Error(run.stderr);
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const redOf = new Map<string, number>();
const OTHERS = ['', 'Japan\ncity: Hamada', 'Kenya\ncity: Nakuru', 'Fiji\ncity: Suva', 'Peru\ncity: Cusco'];
const MODEL = (): string[] => ['--model', `${server.baseUrl}#m`, '--samples', '5'];
const globe = async (...args: string[]) => runGlobeHere(args, { cwd: folder });

it('learns how often agreeing samples are right, and answers or declines by it', { timeout: 60_000 }, async () => {
  const fitted = await globe('calibrate', 'e', '--output', 'c.json');
  expect(fitted.exitCode, fitted.stderr).toBe(0);
  expect(fitted.stdout).toMatch(/│ city +│ \d+ +│ \d+ +│ 0\.\d{3} +│ 0\.\d{3}/);
  const { levels, settings } = JSON.parse(await readFile(join(folder, 'c.json'), 'utf8'));
  expect(settings).toMatchObject({ model: `${server.baseUrl}#m`, samples: 5 });
  expect(levels.city.curve.at(-1).y).toBeGreaterThan(0.9);
  expect(levels.city.n + levels.city.heldOut.n).toBe(IMAGES);

  const careful = ['--calibration', 'c.json', '--confidence', '0.9', '--json', '--quiet'];
  const sure = await globe('locate', 'images/4.png', ...MODEL(), ...careful);
  expect(JSON.parse(sure.stdout).results[0]).toMatchObject({
    kind: 'located',
    place: { city: 'Lyon' },
    agreement: { samples: 5, of: 5 },
    probability: { city: expect.any(Number) },
  });
  const unsure = await globe('locate', 'images/0.png', ...MODEL(), ...careful);
  expect(JSON.parse(unsure.stdout).results[0]).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('no level reaches the confidence 0.9'),
  });

  const evaluate = ['evaluate', '--benchmark', 'truth.csv', '--images', 'images', ...MODEL(), '--quiet', '--json'];
  const all = await globe(...evaluate, '--run', 'again', '--calibration', 'c.json', '--confidence', '0.9');
  expect(all.exitCode, all.stderr).toBe(0);
  const report = JSON.parse(all.stdout);
  expect(report.refused).toBeGreaterThan(IMAGES / 2);
  expect(report.protocol.from).toContain('calibrated, at the finest level of confidence 0.9');
});

it.each([
  [['locate', 'images/0.png', '--confidence', '0.8'], /--confidence 0\.8 needs --calibration FILE/],
  [['locate', 'images/0.png', '--samples', '3', '--calibration', 'c.json'], /samples was 5, is now 3/],
  [['locate', 'images/0.png', '--calibration', 'truth.csv'], /truth\.csv is not valid JSON/],
  [['calibrate', 'none'], /"none" is neither a finished run nor a file/],
])('rejects %j', async (args, reason) => {
  const model = args[0] === 'locate' ? ['--model', `${server.baseUrl}#m`] : [];
  expect(await globe(...args, ...model)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(reason) });
});
