import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { prepareByName, scriptedImages, scriptedLocator } from '../../test/support/scripted-locator.ts';
import { tinyGazetteer } from '../../test/support/tiny-gazetteer.ts';
import { GlobeError } from '../core/errors.ts';
import type { Locator } from '../locator/locator.ts';
import { openRun } from '../storage/run-folder.ts';
import type { RunFolder } from '../storage/run-folder.ts';
import { evaluate, isRetryable, MAX_FAILURES_IN_A_ROW, RUN_FILES } from './evaluate.ts';
import type { EvaluateOptions, Progress } from './evaluate.ts';
import { reportOf } from './report/report.ts';
import { scoreFile } from './score-file.ts';

let root: string;
let run: RunFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'globe-evaluate-'));
  run = await openRun({ root, name: 'r', options: {} });
});
afterEach(() => rm(root, { recursive: true }));

const images = scriptedImages(30);

function start(options: Partial<EvaluateOptions> = {}) {
  const signal = new AbortController().signal;
  return evaluate({
    images,
    locator: scriptedLocator(),
    prepare: prepareByName,
    run,
    concurrency: 4,
    signal,
    ...options,
  });
}

describe('evaluate', () => {
  it("writes one line per image in the benchmark's order, whatever finishes first", async () => {
    await start();
    const lines = (await readFile(run.file(RUN_FILES.predictions), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(images.map(({ id }) => id));
  });

  it('writes predictions that can be scored as they are', async () => {
    const { records } = await start();
    const { outcomes } = await scoreFile({
      file: run.file(RUN_FILES.predictions),
      from: 'coordinates',
      gazetteer: tinyGazetteer(),
    });
    const kinds = (list: readonly string[]) =>
      Object.fromEntries(
        Map.groupBy(list, (kind) => kind)
          .entries()
          .map(([kind, { length }]) => [kind, length]),
      );
    expect(kinds(outcomes.map(({ outcome }) => outcome.kind))).toEqual(kinds(records.map(({ status }) => status)));
  });

  it('records a failure with its reason, and retries it in the next call', async () => {
    const first = await start({ locator: scriptedLocator({ failing: (name) => name === 'image-3.jpg' }) });
    expect(first.records[3]).toEqual({ id: 'image-3.jpg', status: 'failed', reason: '503 the service is down' });
    const second = await start();
    expect(second).toMatchObject({ kept: 29, failed: 0 });
    expect(second.records[3]!.status).toBe('located');
  });

  it('waits while the service restarts, and records no failure', async () => {
    let requests = 0;
    const down = new GlobeError({ code: 'service', message: 'connect ECONNREFUSED', retryable: true });
    const locator = {
      ...scriptedLocator(),
      locate: async (...request: Parameters<Locator['locate']>) => {
        requests += 1;
        // Ten requests fail, which is more than run at the same time. The test therefore passes only if the pause also
        // stops other images.
        if (requests > 10 && requests <= 20) throw down;
        return scriptedLocator().locate(...request);
      },
    };
    const notices: string[] = [];
    const clock = testClock();
    const restarted = await start({ locator, clock, onNotice: (text) => notices.push(text) });
    expect(restarted).toMatchObject({ failed: 0, kept: 0 });
    expect(requests).toBe(images.length + 10);
    expect(clock.slept.length).toBeGreaterThan(0);
    expect(notices).toEqual([
      expect.stringContaining('The service is down: connect ECONNREFUSED'),
      expect.stringContaining('The service answers again'),
    ]);
  });

  it('scores a run in which no image got a position as 0 %', async () => {
    const locate = async () =>
      Promise.resolve({ kind: 'unparseable', reasoning: '', reason: 'no place', samples: [] } as const);
    await start({ locator: { name: 'base', locate } });
    const file = run.file(RUN_FILES.predictions);
    const gazetteer = tinyGazetteer();
    const report = reportOf(await scoreFile({ file, from: 'coordinates', gazetteer }), {
      geocoder: gazetteer.provenance,
    });
    expect(report).toMatchObject({ n: 30, answered: 0, unparseable: 30, geoScore: 0 });
    expect(report.accuracy['2500']).toMatchObject({ percent: 0, hits: 0, n: 30 });
  });

  it('finds positions even if the first images have none', async () => {
    const many = scriptedImages(220);
    const locate: Locator['locate'] = async (image, options) =>
      Number.parseInt(image.sha256.split('-').at(-1)!, 10) < 205
        ? { kind: 'refused', reasoning: '', samples: [] }
        : scriptedLocator().locate(image, options);
    const { records } = await start({ images: many, locator: { name: 'late', locate } });
    const located = records.filter(({ status }) => status === 'located').length;
    expect(located).toBeGreaterThan(0);
    const scored = await scoreFile({
      file: run.file(RUN_FILES.predictions),
      from: 'coordinates',
      gazetteer: tinyGazetteer(),
    });
    expect(scored.outcomes.filter(({ outcome }) => outcome.kind === 'located')).toHaveLength(located);
  });

  it('leaves failed images out of every number, and its protocol counts them', async () => {
    const { records } = await start({ locator: scriptedLocator({ failing: (name) => name === 'image-3.jpg' }) });
    const gazetteer = tinyGazetteer();
    const unscored = new Set(records.filter(isRetryable).map(({ id }) => id));
    const file = run.file(RUN_FILES.predictions);
    const options = { file, from: 'coordinates', gazetteer } as const;
    const facts = { geocoder: gazetteer.provenance };
    const report = reportOf(await scoreFile({ ...options, unscored }), facts);
    expect(report).toMatchObject({ n: 29, failed: 0 });
    expect(report.protocol).toMatchObject({
      denominator: "29 of the file's 30 rows; 1 failed images left out",
      failures: '1 rows have the status failed: 1 left out',
    });
    const whole = reportOf(await scoreFile(options), facts);
    expect(whole).toMatchObject({ n: 30, failed: 1 });
    expect(whole.protocol.failures).toBe('1 rows have the status failed: 1 counted as misses, under failed');
  });

  it('stops when everything fails, and reports the last reason', async () => {
    const tried: string[] = [];
    const failing = (name: string) => tried.push(name) > 0;
    await expect(start({ locator: scriptedLocator({ failing }) })).rejects.toThrow(
      '20 images in a row failed. The last error: 503',
    );
    expect(tried.length).toBeLessThan(MAX_FAILURES_IN_A_ROW + 4);
  });

  it('keeps finished images when interrupted, and resumes with the others', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: Progress) => done === 10 && controller.abort();
    await expect(start({ signal: controller.signal, onProgress })).rejects.toThrow(/abort/);
    const { kept, records } = await start();
    expect(kept).toBeGreaterThanOrEqual(10);
    expect(records.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it('counts a missing image as a failure', async () => {
    const { path: _, ...absent } = images[0]!;
    const { records } = await start({ images: [absent] });
    expect(records).toEqual([{ id: absent.id, status: 'failed', reason: 'the image is not in the folder' }]);
  });

  it('reports progress up to the end', async () => {
    const seen: Progress[] = [];
    await start({ onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 31 }, (_, i) => i));
  });
});

it('stops sending requests when its results cannot be written', async () => {
  let requests = 0;
  const locator = scriptedLocator({ failing: () => ++requests < 0 });
  const onProgress = ({ done }: Progress): void => {
    // From the third record on, writing fails as it does on a full disk.
    if (done === 2)
      vi.spyOn(JSON, 'stringify').mockImplementation(() => raise(new Error('ENOSPC: no space left on device')));
  };
  await expect(start({ locator, onProgress })).rejects.toThrow('ENOSPC');
  vi.restoreAllMocks();
  expect(requests).toBeLessThan(images.length / 2);
});

function raise(error: Error): never {
  throw error;
}
