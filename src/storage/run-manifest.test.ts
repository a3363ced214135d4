import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openRun } from './run-folder.ts';
import { checkRunFile, readRunManifest, RUN_MANIFEST } from './run-manifest.ts';

const KIND = { name: 'manifest', schema: z.looseObject({ n: z.number() }) };

let folder: string;
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'globe-manifest-'));
  await using run = await openRun({ root, name: 'r', options: { 10: 'x', seed: 1 } });
  folder = run.path;
  await mkdir(run.file('dataset/data'), { recursive: true });
  await writeFile(run.file('predictions.jsonl'), '{"latitude":48.85}\n');
  await writeFile(run.file('dataset/data/train.parquet'), 'PAR1');
  await writeFile(run.file('review.jsonl'), '{}\n');
  await run.complete({ n: 7, 3: 'integer keys move to the front' });
});

it.each(['predictions.jsonl', 'dataset/data/train.parquet'])('notices a changed byte of %s', async (name) => {
  const path = join(folder, name);
  await expect(checkRunFile(path)).resolves.toBeUndefined();
  const bytes = await readFile(path);
  bytes[1]! ^= 1;
  await writeFile(path, bytes);
  await expect(checkRunFile(path)).rejects.toMatchObject({
    code: 'invalid-input',
    message: `${path} has changed since the run wrote it: its digest does not match.`,
  });
});

it('accepts files that may change, and files outside runs', async () => {
  await writeFile(join(folder, 'review.jsonl'), '{}\n{}\n');
  await expect(checkRunFile(join(folder, 'review.jsonl'))).resolves.toBeUndefined();
  await expect(checkRunFile(join(folder, '../other.jsonl'))).resolves.toBeUndefined();
  await writeFile(join(folder, '../manifest.json'), 'of another program');
  await expect(checkRunFile(join(folder, '../other.jsonl'))).resolves.toBeUndefined();
});

it('notices any changed character of the manifest', async () => {
  const path = join(folder, RUN_MANIFEST);
  const text = await readFile(path, 'utf8');
  expect(await readRunManifest(path, KIND)).toMatchObject({ n: 7 });
  for (let at = 0; at < text.length; at++) {
    if (/\s/u.test(text[at]!)) continue;
    const changed = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
    await writeFile(path, changed);
    await expect(readRunManifest(path, KIND), changed).rejects.toMatchObject({ code: 'invalid-input' });
  }
});

it('reads manifests of older versions, and refuses those of newer ones', async () => {
  const path = join(folder, RUN_MANIFEST);
  await writeFile(path, '{"n":8}');
  expect(await readRunManifest(path, KIND)).toEqual({ n: 8 });
  await writeFile(join(folder, 'predictions.jsonl'), 'changed');
  await expect(checkRunFile(join(folder, 'predictions.jsonl'))).resolves.toBeUndefined();
  await writeFile(path, '{"n":8,"format":2}');
  await expect(readRunManifest(path, KIND)).rejects.toThrow('newer version of GLOBE: upgrade');
});

it('is absent while a command works on the run, whose files may change', async () => {
  const options = { 10: 'x', seed: 1 };
  const root = join(folder, '..');
  {
    await using run = await openRun({ root, name: 'r', options, keepManifest: true });
    await expect(checkRunFile(run.file('predictions.jsonl'))).resolves.toBeUndefined();
    expect(await readRunManifest(run.file(RUN_MANIFEST), KIND)).toMatchObject({ n: 7 });
  }
  await using run = await openRun({ root, name: 'r', options });
  await writeFile(run.file('predictions.jsonl'), 'new');
  await expect(checkRunFile(run.file('predictions.jsonl'))).resolves.toBeUndefined();
  await expect(readRunManifest(run.file(RUN_MANIFEST), KIND)).rejects.toMatchObject({ code: 'not-found' });
  await rm(root, { recursive: true });
});
