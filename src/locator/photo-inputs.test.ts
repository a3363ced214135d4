import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPhotos } from './photo-inputs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-sources-'));
  await mkdir(join(folder, 'sub'));
  await mkdir(join(folder, '.cache'));
  await mkdir(join(folder, 'bare'));
  for (const name of ['b.JPG', 'a.heic', 'sub/c.webp', 'readme.md', '.hidden.jpg', '.cache/d.jpg']) {
    await writeFile(join(folder, name), '');
  }
});
afterAll(async () => rm(folder, { recursive: true }));

const names = async (args: readonly string[], allowUrl = false): Promise<string[]> =>
  (await findPhotos(args, { allowUrl })).photos.map(({ name }) => name);

describe('findPhotos', () => {
  it('finds the photos of a folder and its subfolders by name, and counts what it leaves out', async () => {
    expect(await names([folder])).toEqual(['a.heic', 'b.JPG', 'sub/c.webp'].map((name) => join(folder, name)));
    expect((await findPhotos([folder], { allowUrl: false })).skipped).toBe(1);
  });

  it('knows the names that cameras, phones and browsers give', async () => {
    const many = await mkdtemp(join(folder, 'bare', 'names-'));
    const photos = [
      'a.hif',
      'b.MPO',
      'c.jpe',
      'd.jpg_large',
      'e.jpeg_orig',
      'f.pjpeg',
      'g.jfif',
      'h.heics',
      'i.avif',
      'j.TIF',
    ];
    for (const name of [...photos, 'k.jp', 'l.jpgx', 'm.mov', 'n.jpg.xmp', 'o.jpg.json'])
      await writeFile(join(many, name), '');
    expect(await names([many])).toEqual(photos.map((name) => join(many, name)));
    await rm(many, { recursive: true });
  });

  it('keeps the order of the arguments, and accepts any file that is an argument', async () => {
    expect(await names([join(folder, 'readme.md'), 'none.jpg'])).toEqual([join(folder, 'readme.md'), 'none.jpg']);
  });

  it('rejects a folder without photos, and URLs unless they are allowed', async () => {
    await expect(names([join(folder, 'bare')])).rejects.toThrow(/contains no photos/);
    await expect(names(['https://example.org/a.jpg'])).rejects.toThrow(/needs the network, which is not allowed/);
    expect(await findPhotos(['https://example.org/a.jpg'], { allowUrl: true })).toEqual({
      photos: [{ kind: 'url', name: 'https://example.org/a.jpg' }],
      skipped: 0,
    });
  });
});
