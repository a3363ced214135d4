/**
 * Draws JPEG images from a seed and writes their truth file. The images have soft shapes with grain, so that their size
 * and entropy are similar to those of photos.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { random } from '../../src/core/random.ts';

/** Image sizes, which alternate. The first is within the usual pixel budget. The second must be scaled down. */
export const SIZES = [
  { width: 1024, height: 768 },
  { width: 2048, height: 1536 },
] as const;

export async function writePhotos(folder: string, count: number): Promise<{ images: string; truth: string }> {
  const images = join(folder, 'images');
  await mkdir(images, { recursive: true });
  const generator = random(1);
  const rows = ['id,lat,lon'];
  for (let i = 0; i < count; i++) {
    const { width, height } = SIZES[i % SIZES.length]!;
    const name = `${String(i).padStart(4, '0')}.jpg`;
    const soft = Buffer.from(Array.from({ length: 32 * 24 * 3 }, () => generator.integer(256)));
    const shapes = await sharp(soft, { raw: { width: 32, height: 24, channels: 3 } })
      .resize(width, height, { kernel: 'cubic' })
      .raw()
      .toBuffer();
    for (let at = 0; at < shapes.length; at++)
      shapes[at] = Math.max(0, Math.min(255, shapes[at]! + generator.integer(24) - 12));
    await sharp(shapes, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 85 })
      .toFile(join(images, name));
    rows.push(`${name},${(generator.next() * 120 - 60).toFixed(4)},${(generator.next() * 360 - 180).toFixed(4)}`);
  }
  const truth = join(folder, 'truth.csv');
  await writeFile(truth, `${rows.join('\n')}\n`);
  return { images, truth };
}
