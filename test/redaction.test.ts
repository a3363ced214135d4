/** Passes a secret to every function with which GLOBE writes. No file and no stream may contain it. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { writeOutputFile } from '../src/storage/output-file.ts';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { note, print, printJson, printJsonArray } from '../src/cli/output.ts';
import { progressLine } from '../src/cli/progress.ts';
import { defined } from '../src/core/defined.ts';
import { exportDataset } from '../src/curation/dataset/export.ts';
import { openFileCache } from '../src/gazetteer/geocoders/file-cache.ts';
import { writeCheckpointFiles } from '../src/nano/checkpoint-files.ts';
import { serviceLog } from '../src/server/service-log.ts';
import { keepSecret, redact, withoutSecrets } from '../src/service/redact.ts';
import { openAppendLog } from '../src/storage/append-log.ts';
import { writeFileAtomic } from '../src/storage/atomic-file.ts';
import { createSplitWriter } from '../src/storage/dataset/write-dataset.ts';
import { createLineWriter } from '../src/storage/line-file.ts';
import { openRun } from '../src/storage/run-folder.ts';
import { readRunManifest } from '../src/storage/run-manifest.ts';
import { openRecordFile } from '../src/training/checkpoints.ts';
import { startOpenAIServer } from './support/openai-server.ts';
import { runGlobe } from './support/run-globe.ts';

const SECRET = keepSecret('sk-test-"4711"/ä');
/** The secret in plain text, in JSON and in URLs. */
const FORMS = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET)];
const QUOTE = `the server says: wrong key ${SECRET}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-redaction-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function texts(path = folder): Promise<string> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => `${name}\n${await readFile(join(parentPath, name), 'utf8')}`);
  return (await Promise.all(read)).join('\n');
}

function expectRedacted(text: string): void {
  expect(text).toContain('***');
  for (const form of FORMS) expect(text).not.toContain(form);
}

const row = { country: 'France', city: 'Paris', response: QUOTE, entities: [QUOTE], images: [] };

/** Functions that write files, by the source file that contains them. */
const WRITERS: Record<string, () => Promise<unknown>> = {
  'src/storage/atomic-file.ts': () => writeFileAtomic(join(folder, 'report.html'), `<p>${QUOTE}</p>`),
  'src/storage/append-log.ts': async () => {
    for (const digests of [true, false]) {
      const log = await openAppendLog(join(folder, `${digests}.jsonl`), { digests });
      await log.append({ reason: QUOTE });
      await log.close();
      await (await openAppendLog(join(folder, `${digests}.jsonl`), { digests })).close();
    }
  },
  'src/storage/output-file.ts': async () => {
    // A pipe is written to, not replaced; cat copies what arrives to a file.
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const copied = promisify(execFile)('sh', ['-c', 'cat "$0" > "$0.txt"', pipe]);
    await writeOutputFile(pipe, QUOTE);
    await copied;
  },
  'src/storage/line-file.ts': async () => {
    await using writer = await createLineWriter(join(folder, 'lines.jsonl'));
    await writer.add([{ reason: QUOTE }]);
    await writer.finish();
  },
  'src/storage/dataset/write-dataset.ts': async () => {
    const writer = createSplitWriter({ folder: join(folder, 'data'), split: 'train' });
    await writer.add(row);
    await writer.finish();
  },
  'src/curation/dataset/export.ts': async () => {
    const writer = createSplitWriter({ folder: join(folder, 'data'), split: 'train' });
    await writer.add(row);
    await writer.finish();
    for (const format of ['jsonl', 'csv'] as const) {
      const { signal } = new AbortController();
      await exportDataset(join(folder, 'data'), { format, out: join(folder, `out.${format}`), signal });
    }
  },
  'src/gazetteer/geocoders/file-cache.ts': async () => {
    const cache = await openFileCache(join(folder, 'cache.jsonl'));
    await cache.set('paris', { kind: 'notFound', reason: QUOTE } as never);
  },
};

/**
 * Source files that write, but never text from outside: generated worlds, locks and downloads. Some of the files only
 * mention a write in a comment.
 */
const WITHOUT_SECRETS = [
  'src/cli/main.ts',
  'src/cli/program.ts',
  'src/gazetteer/open.ts',
  'src/image/decode-heic.ts',
  'src/locator/locate-photos.ts',
  'src/miniature/generate.ts',
  'src/miniature/write-images.ts',
  'src/reward/create-reward.ts',
  'src/storage/run-lock.ts',
  'src/vision/transformers/hub-files.ts',
];
/** Source files that write to the streams of the process. The tests below cover them. */
const STREAMS = ['src/cli/output.ts', 'src/cli/progress.ts'];

describe('a writer of files', () => {
  it.each(Object.keys(WRITERS))('in %s writes no secret', async (source) => {
    await WRITERS[source]!();
    expectRedacted(await texts());
  });

  it('is listed in this test', async () => {
    const root = join(import.meta.dirname, '..');
    const writes =
      /\b(?:writeFile|appendFile|createWriteStream)\(|std(?:out|err)\.write\(|new ParquetWriter|console\.\w+ ?[(=]/u;
    const sources = (await readdir(join(root, 'src'), { recursive: true }))
      .map((name) => `src/${name}`)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const found: string[] = [];
    for (const name of sources) if (writes.test(await readFile(join(root, name), 'utf8'))) found.push(name);
    expect(found.toSorted()).toEqual([...Object.keys(WRITERS), ...WITHOUT_SECRETS, ...STREAMS].toSorted());
  });
});

it('keeps secrets out of the options and the manifest of a run, which still resumes', async () => {
  const options = { model: `https://me:${SECRET}@host/v1?api_key=unregistered#m`, words: [QUOTE] };
  for (const resumed of [false, true]) {
    await using run = await openRun({ root: folder, name: 'r', options });
    expect(run.resumed).toBe(resumed);
    await run.complete({ reason: QUOTE, url: 'http://user:word@host/?token=abc' });
  }
  const written = await texts();
  expectRedacted(written);
  for (const secret of ['unregistered', 'user:word', 'token=abc']) expect(written).not.toContain(secret);
  const kind = { name: 'manifest', schema: (await import('zod')).z.looseObject({}) };
  await expect(readRunManifest(join(folder, 'r/manifest.json'), kind)).resolves.toHaveProperty('reason');
});

it('keeps secrets out of the records and models of a training, and their digests match', async () => {
  const records = await openRecordFile(join(folder, 'samples.jsonl'), []);
  await records.append({ step: 0, reason: QUOTE } as { step: number });
  await records.close();
  await writeCheckpointFiles(folder, [{ name: 'README.md', content: QUOTE }]);
  expectRedacted(await texts());
});

describe('output', () => {
  it('to the terminal contains no secret', async () => {
    let written = '';
    const streams = [process.stdout, process.stderr];
    const spies = streams.map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        written += String(chunk);
        return true;
      }),
    );
    note(QUOTE);
    print(QUOTE);
    printJson({ QUOTE });
    await printJsonArray(
      (async function* () {
        yield QUOTE;
      })(),
    );
    progressLine(1, { label: 'x' }).update(1, QUOTE);
    for (const spy of spies) spy.mockRestore();
    expect(written.match(/\*\*\*/gu)).toHaveLength(5);
    expectRedacted(written);
  });

  it('to the log of a service contains no secret', () => {
    let written = '';
    const log = serviceLog({ write: (line) => (written += line) });
    log.info({ judgeTrouble: QUOTE, nested: [{ url: 'http://user:word@host' }] }, QUOTE);
    expectRedacted(written);
    expect(written).not.toContain('user:word');
    expect(JSON.parse(written)).toMatchObject({ msg: 'the server says: wrong key ***' });
  });

  it('changes no data by chance: short keys and words are only removed from messages', () => {
    for (const key of ['EMPTY', 'none', 'placeholder', 'abc1']) {
      keepSecret(key);
      expect(withoutSecrets(`an ${key} street`)).toBe(`an ${key} street`);
    }
    expect(redact('key EMPTY', ['EMPTY'])).toBe('key ***');
    expect(withoutSecrets('see //host and a@b, ?token=1')).toBe('see //host and a@b, ?token=1');
  });
});

it('finds no key in the files and the output of an evaluation whose server quotes it', async () => {
  const key = 'sk-live-8675309-quoted';
  const answer = () => `<think>${key}</think><answer>country: France\ncity: Paris ${key}</answer>`;
  await using server = await startOpenAIServer({
    answer,
    fault: (index) =>
      index === 1 ? { kind: 'status', status: 400, error: { message: `the key ${key} is odd` } } : undefined,
  });
  await mkdir(join(folder, 'images'));
  const background = { r: 1, g: 2, b: 3 };
  for (const name of ['a', 'b', 'c']) {
    await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toFile(join(folder, 'images', `${name}.png`));
  }
  await writeFile(join(folder, 'truth.csv'), 'id,lat,lon\na.png,48,2\nb.png,48,2\nc.png,48,2\n');
  const args = ['--benchmark', 'truth.csv', '--images', 'images', '--model', `${server.baseUrl}#m`, '--run', 'r'];
  const run = await runGlobe(['evaluate', ...args, '--runs', '.'], {
    cwd: folder,
    ...defined({ env: { GLOBE_API_KEY: key } }),
  });
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain('***');
  const written = `${run.stdout}${run.stderr}${await texts(join(folder, 'r'))}`;
  expect(written).toContain('***');
  expect(written).not.toContain(key);
});
