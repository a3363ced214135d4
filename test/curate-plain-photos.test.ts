/**
 * Tests `globe curate` on a user's own photos, with the recipe for the generated world. A server with faults serves the
 * recipe's two annotators. All other instruments of the recipe are switched off.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Curated } from '../src/curation/run/curate.ts';
import type { Photo } from '../src/curation/observe/photo.ts';
import { readPhotos } from '../src/curation/observe/read-photos.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { prepareImage } from '../src/image/prepare-image.ts';
import { annotationText } from '../src/prompts/annotate-prompt.ts';
import { drawPhotos } from './support/curation-world.ts';
import { folderBytes } from './support/folder-bytes.ts';
import { imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { ChatBody, Fault } from './support/openai-server.ts';
import { runGlobeHere } from './support/run-globe.ts';

const RECIPE = join(import.meta.dirname, '..', 'recipes', 'curate-miniature.yaml');
const COUNT = 24;
const SOON = { 'retry-after-ms': '1' };
/** Faults of the first and the second request for a photo, in this order. */
const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 429, headers: SOON },
  { kind: 'status', status: 500 },
  { kind: 'half-body' },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'empty-body' },
  { kind: 'reset' },
];

const gazetteer = openGazetteer();
let folder: string;
let photos: readonly Photo[];
/** Index of each photo, by the hash of the image that the model receives. */
const numberOf = new Map<string, number>();
let server: Awaited<ReturnType<typeof startOpenAIServer>>;
let stormy = false;
/** Number of requests, by model and photo. */
const asked = new Map<string, number>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-plain-'));
  await drawPhotos(join(folder, 'photos'), COUNT);
  photos = await readPhotos(join(folder, 'photos'));
  for (const [i, { path }] of photos.entries()) numberOf.set((await prepareImage(path)).sha256, i);
  server = await startOpenAIServer({ fault: (_, body) => misfortune(body), answer });
  // The model is configured under a name, because only named models can have a short timeout for requests that hang.
  // The default timeout is five minutes.
  const slow = { baseUrl: server.baseUrl, model: 'intern', timeoutMs: 1000, retry: { baseDelayMs: 1 } };
  await writeFile(join(folder, 'globe.config.json'), JSON.stringify({ models: { slow } }));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const photoIn = (body: ChatBody): number =>
  numberOf.get(createHash('sha256').update(imagesIn(body)[0]!.bytes).digest('hex'))!;

function misfortune(body: ChatBody): Fault | undefined {
  const photo = photoIn(body);
  const key = `${body.model} ${photo}`;
  const attempt = asked.get(key) ?? 0;
  asked.set(key, attempt + 1);
  if (!stormy || attempt > 1) return undefined;
  if (body.model === 'intern' && photo === 5) return attempt === 0 ? { kind: 'hang' } : undefined;
  return photo % 3 === 0 ? FAULTS[(photo / 3 + attempt) % FAULTS.length] : undefined;
}

/** Both models know the place, but some first answers break off in the middle of the JSON. */
function answer(body: ChatBody): string {
  const photo = photoIn(body);
  const { country, city } = gazetteer.reverse(photos[photo]!.coordinate)!;
  const reasoning = `A church beside a road with palm trees, as in ${city}.`;
  const text = annotationText({ reasoning, localizable: 'yes', country, city: city ?? null });
  return stormy && photo % 5 === 2 && body['temperature'] === 0 ? text.slice(0, 40) : text;
}

const curate = async (name: string, ...more: string[]) => {
  const command = [
    'curate',
    '--recipe',
    RECIPE,
    '--mode',
    'full',
    '--input',
    'photos',
    '--out',
    `runs/${name}`,
    '--quiet',
  ];
  const annotators = ['--annotator', `${server.baseUrl}#qwen`, '--annotator', 'slow'];
  return runGlobeHere([...command, ...annotators, ...more], { cwd: folder });
};

describe('globe curate on photos that are not generated', () => {
  it('names the option that replaces an instrument for generated worlds', async () => {
    expect(await curate('refused')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('give --gps MODEL, or --gps none'),
    });
    expect(await curate('refused', '--gps', 'none')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--segmentation none'),
    });
  });

  it('neither loses nor drops photos when the server misbehaves', { timeout: 60_000 }, async () => {
    const without = ['--gps', 'none', '--segmentation', 'none', '--json'];
    const quiet = await curate('quiet', ...without);
    expect(quiet.exitCode).toBe(0);
    const calm = server.requestCount();
    expect(calm).toBe(2 * COUNT);
    asked.clear();
    stormy = true;
    const { exitCode, stdout } = await curate('stormy', ...without);
    expect(exitCode).toBe(0);
    const { pending, assembled } = JSON.parse(stdout) as Curated;
    expect(pending).toEqual([]);
    const { funnel } = assembled!;
    // A fault of the server never drops a photo, so the funnel is the same as in the run without faults.
    expect(funnel).toEqual((JSON.parse(quiet.stdout) as Curated).assembled!.funnel);
    expect(funnel).toMatchObject({ photos: COUNT, train: COUNT });
    expect(funnel.stages.map(({ dropped }) => dropped).every((dropped) => dropped === 0)).toBe(true);
    // The two annotators each get two faults on each of 8 photos. In addition, one request hangs, and 5 answers of each
    // annotator are malformed.
    expect(server.requestCount() - calm).toBe(2 * COUNT + 2 * 8 * 2 + 1 + 2 * 5);
    expect(await folderBytes(join(folder, 'runs/stormy/dataset'))).toEqual(
      await folderBytes(join(folder, 'runs/quiet/dataset')),
    );
    const card = await readFile(join(folder, 'runs/stormy/dataset/README.md'), 'utf8');
    expect(card).toContain('The visual grounding gate was turned off.');
  });
});
