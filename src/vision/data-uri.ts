/** A prepared image as a data URI with its true media type, encoded once however many requests carry it. */
import type { PreparedImage } from '../image/prepared-image.ts';

const encoded = new WeakMap<PreparedImage, string>();

export function dataUri(image: PreparedImage): string {
  const known = encoded.get(image);
  if (known !== undefined) return known;
  const { buffer, byteOffset, byteLength } = image.bytes;
  const uri = `data:${image.mediaType};base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;
  encoded.set(image, uri);
  return uri;
}
