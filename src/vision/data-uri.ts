/** Encodes a prepared image as a data URI with its real media type. All requests share the result. */
import type { PreparedImage } from '../image/prepared-image.ts';

const encoded = new WeakMap<PreparedImage, Buffer>();

/** Returns the URI as ASCII bytes, none of which needs escaping in JSON. */
export function dataUriBytes(image: PreparedImage): Buffer {
  const known = encoded.get(image);
  if (known !== undefined) return known;
  const { buffer, byteOffset, byteLength } = image.bytes;
  const base64 = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  const uri = Buffer.from(`data:${image.mediaType};base64,${base64}`, 'latin1');
  encoded.set(image, uri);
  return uri;
}
