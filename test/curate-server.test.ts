import { createHash } from 'node:crypto';
import { deadlineAfter } from '../src/service/first-abort.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curate } from '../src/curation/run/curate.ts';
import type { Instruments } from '../src/curation/observe/instruments.ts';
import type { Photo } from '../src/curation/observe/photo.ts';
import { readPhotos } from '../src/curation/observe/read-photos.ts';
import { parseRecipe } from '../src/curation/recipe/read-recipe.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { lexicalMeaning } from '../src/grounding/lexical-meaning.ts';
import { prepareImage } from '../src/image/prepare-image.ts';
import { ANNOTATE_JSON_SCHEMA, annotationText } from '../src/prompts/annotate-prompt.ts';
import { openOpenAICompatibleModel } from '../src/vision/openai-compatible/openai-compatible-model.ts';
import { testClock } from './support/clock.ts';
import { folderBytes } from './support/folder-bytes.ts';
import { CONTENT_FILTER, imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { ChatBody, Fault } from './support/openai-server.ts';
import { runGlobeHere } from './support/run-globe.ts';
import { sharedData } from './support/shared-data.ts';

const input = sharedData('photos') ?? '';
const RECIPE = join(import.meta.dirname, '..', 'recipes', 'curate-full.yaml');

const MAX_PIXELS = 128 * 128;
const gazetteer = openGazetteer();

describe.skipIf(input === '')('curation with annotators behind a server', () => {
  let folder: string;
  let photos: readonly Photo[];
  /** Result of a run without faults. */
  let quiet: Awaited<ReturnType<typeof run>>;
  /** Photos by the hash of the image that the model receives. */
  const byImage = new Map<string, Photo>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-server-'));
    photos = await readPhotos(input);
    const prepared = photos.map(async (photo) => {
      const { sha256 } = await prepareImage(photo.path, { maxPixels: MAX_PIXELS });
      byImage.set(sha256, photo);
    });
    await Promise.all(prepared);
    quiet = await run('quiet', {});
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const photoIn = (body: ChatBody): Photo => {
    const [image] = imagesIn(body);
    return byImage.get(createHash('sha256').update(image!.bytes).digest('hex'))!;
  };

  /** Every annotator names the right place and things that the segmentation finds. */
  const answer = (body: ChatBody): string => {
    const { country, city } = gazetteer.reverse(photoIn(body).coordinate)!;
    return annotationText({
      reasoning: `A church beside a road with palm trees, as in ${city}.`,
      localizable: 'yes',
      country,
      city: city ?? null,
    });
  };

  async function run(
    name: string,
    options: { fault?: (photo: number, attempt: number) => Fault | undefined; malformed?: (photo: number) => boolean },
  ) {
    // A fault depends on the photo and on the number of the attempt, so the faults are the same for any order of
    // requests.
    const asked = new Map<string, number>();
    const answered = new Set<string>();
    const numberOf = (body: ChatBody): number => photos.indexOf(photoIn(body));
    const isFirst = (body: ChatBody): boolean => {
      const key = `${body.model} ${numberOf(body)}`;
      return !answered.has(key) && answered.add(key) !== undefined;
    };
    await using server = await startOpenAIServer({
      fault: (_, body) => {
        const key = `${body.model} ${numberOf(body)}`;
        const attempt = asked.get(key) ?? 0;
        asked.set(key, attempt + 1);
        return options.fault?.(numberOf(body), attempt);
      },
      answer: (body) =>
        isFirst(body) && options.malformed?.(numberOf(body)) === true ? answer(body).slice(0, 30) : answer(body),
      record: true,
    });
    const open = async (model: string) =>
      openOpenAICompatibleModel({
        baseUrl: server.baseUrl,
        model,
        // The clock skips waiting times. A server that hangs has a short timeout.
        clock: { ...testClock(), deadline: () => deadlineAfter(3000) },
        random: () => 1,
      });
    const recipe = parseRecipe({
      annotators: [{ model: 'qwen' }, { model: 'intern' }],
      segmentation: { model: 'said' },
      annotation: { maxPixels: MAX_PIXELS },
      dedupe: null,
      split: null,
    });
    const grounder = await openGrounder();
    const instruments: Instruments = {
      annotators: new Map([
        ['qwen', await open('qwen')],
        ['intern', await open('intern')],
      ]),
      meaning: lexicalMeaning(grounder),
      segmenter: {
        name: 'said',
        segment: async () =>
          Promise.resolve(['church', 'road', 'palm tree', 'tree'].map((label) => ({ label, share: 0.2 }))),
      },
    };
    const curated = await curate({
      recipe,
      gazetteer,
      grounder,
      instruments,
      photos,
      input,
      root: join(folder, 'runs'),
      name,
      signal: new AbortController().signal,
    });
    return { curated, requests: server.requests };
  }

  it('loses nothing to 429s, 500s, timeouts, broken bodies and malformed JSON', { timeout: 60_000 }, async () => {
    const faults: Fault[] = [
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'status', status: 500 },
      { kind: 'half-body' },
      { kind: 'status', status: 503 },
      { kind: 'html' },
      { kind: 'reset' },
      { kind: 'empty-body' },
    ];
    const stormy = await run('stormy', {
      fault: (photo, attempt) => {
        if (photo === 20 && attempt === 0) return { kind: 'hang' };
        return photo % 3 === 0 && attempt < 2 ? faults[(photo / 3 + attempt) % faults.length] : undefined;
      },
      malformed: (photo) => photo % 5 === 2,
    });
    expect(quiet.requests).toHaveLength(2 * 77);
    expect(stormy.requests.length).toBeGreaterThan(quiet.requests.length + 60);
    expect(stormy.curated.pending).toEqual([]);
    const { funnel } = stormy.curated.assembled!;
    expect(funnel.photos).toBe(77);
    expect(funnel.train + funnel.stages.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(77);
    expect(funnel.train).toBeGreaterThan(60);
    expect(await folderBytes(join(folder, 'runs/stormy/dataset'))).toEqual(
      await folderBytes(join(folder, 'runs/quiet/dataset')),
    );
  });

  it('asks for structured output and sends no byte of metadata', () => {
    const { requests } = quiet;
    expect(requests[0]!.body['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { schema: ANNOTATE_JSON_SCHEMA },
    });
    expect(requests.every(({ body }) => byImage.has(hashOf(body)))).toBe(true);
  });

  it('counts photos that a content filter rejects as not annotated instead of pending', async () => {
    const { curated } = await run('filtered', { fault: (photo) => (photo === 3 ? CONTENT_FILTER : undefined) });
    expect(curated.assembled!.funnel.stages).toContainEqual({
      stage: 'annotation',
      reached: expect.any(Number),
      dropped: 1,
      causes: [{ cause: 'malformed or refused answer', count: 1 }],
    });
  });

  it('runs from the command line with --annotator BASE_URL#NAME', { timeout: 60_000 }, async () => {
    await using server = await startOpenAIServer({
      fault: (i) => (i === 5 ? { kind: 'status', status: 429, headers: { 'retry-after-ms': '1' } } : undefined),
      answer: () => annotationText({ reasoning: 'A road.', localizable: 'no', country: null, city: null }),
    });
    const annotator = `${server.baseUrl}#Qwen/Qwen2.5-VL-72B-Instruct`;
    const args = ['--mode', 'single', '--annotator', annotator, '--input', input, '--out', join(folder, 'cli')];
    const { exitCode, stdout, stderr } = await runGlobeHere(['curate', '--recipe', RECIPE, ...args]);
    // The run fails: no photo passes, and an empty dataset is an error.
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/localizability │ 77 +│ 77 +│ 77 a model calls it not localizable/),
    });
    expect(stderr).toContain(`${annotator}: 77 photos`);
    expect(server.requestCount()).toBe(78);
  });

  const hashOf = (body: ChatBody): string => createHash('sha256').update(imagesIn(body)[0]!.bytes).digest('hex');
});
