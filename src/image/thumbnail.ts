/** Makes small copies of prepared images, for pages that show many images. */
import sharp from 'sharp';
import type { PreparedImage } from './prepared-image.ts';

const THUMBNAIL_QUALITY = 75;

/** Returns the image as a JPEG, scaled down so that its longer side has at most `sidePixels` pixels. */
export async function thumbnailBytes(image: PreparedImage, { sidePixels = 320 } = {}): Promise<Buffer> {
  return sharp(image.bytes)
    .resize({ width: sidePixels, height: sidePixels, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: THUMBNAIL_QUALITY })
    .toBuffer();
}

/** Returns the scaled image as a data URI, for a page in one file. */
export async function thumbnail(image: PreparedImage, options: { readonly sidePixels?: number } = {}): Promise<string> {
  return `data:image/jpeg;base64,${(await thumbnailBytes(image, options)).toString('base64')}`;
}
