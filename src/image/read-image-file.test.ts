import type * as Files from 'node:fs/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readImageFile } from './read-image-file.ts';

/** The error that the mocked `open` throws. */
let failure: NodeJS.ErrnoException | undefined;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof Files>();
  const open: typeof real.open = async (...args) =>
    failure === undefined ? real.open(...args) : Promise.reject(failure);
  return { ...real, open };
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-read-'));
  await writeFile(join(folder, 'a.jpg'), 'bytes');
  await writeFile(join(folder, 'empty.jpg'), '');
});
afterAll(async () => {
  failure = undefined;
  await rm(folder, { recursive: true });
});

it.each(['EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'EACCES', 'EPERM', 'EBUSY', 'ENOMEM'])(
  'marks %s as retryable',
  async (code) => {
    failure = Object.assign(new Error(`${code}: the system said no`), { code });
    const error = await readImageFile(join(folder, 'a.jpg')).catch((thrown: unknown) => thrown);
    failure = undefined;
    expect(error).toMatchObject({ code: 'service', retryable: true, message: expect.stringContaining('a.jpg') });
  },
);

it('blames the file or its path for permanent errors', async () => {
  expect(Buffer.from(await readImageFile(join(folder, 'a.jpg'))).toString()).toBe('bytes');
  const codeOf = async (path: string): Promise<unknown> =>
    readImageFile(path).catch((error: { code: string }) => error.code);
  expect(await codeOf(folder)).toBe('invalid-input');
  expect(await codeOf(join(folder, 'empty.jpg'))).toBe('invalid-input');
  expect(await codeOf(join(folder, 'x'.repeat(300)))).toBe('invalid-input');
  expect(await codeOf(join(folder, 'nowhere.jpg'))).toBe('not-found');
  expect(await codeOf(join(folder, 'a.jpg', 'inside.jpg'))).toBe('not-found');
});
