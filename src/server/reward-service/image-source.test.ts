import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { imageSource } from './image-source.ts';

const drawing = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
const red = await drawing('red');
const blue = await drawing('blue');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-images-'));
});
const write = (name: string, bytes: Buffer): Promise<void> => writeFile(join(folder, name), bytes);

describe('imageSource', () => {
  it('notices a replaced file, and prepares an unchanged one only once', async () => {
    await write('a.png', red);
    const images = imageSource({ folder });
    const first = await images.load({ path: 'a.png' });
    expect(await images.load({ id: 'a' })).toBe(first);
    await write('a.png', blue);
    await utimes(join(folder, 'a.png'), 1, 1);
    expect((await images.load({ path: 'a.png' })).sha256).not.toBe(first.sha256);
  });

  it('finds by id a file that was added after the first listing', async () => {
    await write('a.png', red);
    const images = imageSource({ folder });
    await images.load({ id: 'a' });
    await write('b.png', blue);
    expect(await images.load({ id: 'b' })).toHaveProperty('sha256');
    expect(await images.load({ id: 'b.png' })).toHaveProperty('sha256');
  });

  it('finds images by id once the folder becomes readable', async () => {
    await rm(folder, { recursive: true });
    const images = imageSource({ folder });
    await expect(images.load({ id: 'a' })).rejects.toThrow('cannot be read');
    await mkdir(folder);
    await write('a.png', red);
    expect(await images.load({ id: 'a' })).toHaveProperty('sha256');
  });

  it('rejects an ambiguous id and names its files, even if the second was added later', async () => {
    await write('q.png', red);
    await write('q.json', Buffer.from('{}'));
    const images = imageSource({ folder });
    await images.load({ id: 'q' });
    await write('q.jpg', blue);
    await utimes(folder, 1, 1);
    await expect(images.load({ id: 'q' })).rejects.toThrow(/"q" is ambiguous.*q\.jpg/u);
    expect(await images.load({ id: 'q.png' })).toHaveProperty('sha256');
  });

  it('rejects a file that was replaced by a link to outside', async () => {
    await write('a.png', red);
    const images = imageSource({ folder });
    await images.load({ path: 'a.png' });
    await rm(join(folder, 'a.png'));
    await symlink('/etc/hostname', join(folder, 'a.png'));
    await expect(images.load({ path: 'a.png' })).rejects.toThrow('not in the image folder');
  });
});
