/** Makes small copies of prepared images, for pages that show many images. */
import sharp from 'sharp';
import type { PreparedImage } from './prepared-image.ts';

const THUMBNAIL_QUALITY = 75;

/** Returns the image as a JPEG data URI, scaled down so that its longer side has at most `sidePixels` pixels. */
export async function thumbnail(image: PreparedImage, { sidePixels = 320 } = {}): Promise<string> {
  const bytes = await sharp(image.bytes)
    .resize({ width: sidePixels, height: sidePixels, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: THUMBNAIL_QUALITY })
    .toBuffer();
  return `data:image/jpeg;base64,${bytes.toString('base64')}`;
}
