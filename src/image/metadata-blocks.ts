/**
 * Finds metadata in the bytes of an image, to verify that only pixels leave this program. It parses JPEG and PNG itself
 * instead of trusting the library that wrote the image. It does not decode pixels.
 */

import { carriesPixels, jpegSegments, segmentIdentifier } from './jpeg-segments.ts';
import type { JpegSegment } from './jpeg-segments.ts';

/** A block of the file that contains something other than pixels, e.g. `{ name: 'APP1 Exif', bytes: 512 }`. */
export type MetadataBlock = { readonly name: string; readonly bytes: number };

/**
 * Lists every metadata block of a JPEG or PNG: APP1 to APP15 except Adobe's colour transform; JFIF thumbnails;
 * comments; ancillary PNG chunks with text, time, EXIF or profiles; and bytes after the end of the image. A truncated
 * image or another format is reported as one block, because it may contain metadata that this function cannot find.
 */
export function metadataBlocks(bytes: Uint8Array): MetadataBlock[] {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegBlocks(bytes);
  if (PNG_SIGNATURE.every((value, i) => bytes[i] === value)) return pngBlocks(bytes);
  return [{ name: 'not a JPEG or PNG', bytes: bytes.length }];
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** PNG chunks that a decoder needs, or that only describe how pixel values map to colours. */
const PNG_PIXEL_CHUNKS = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'bKGD',
  'pHYs',
  'cICP',
]);

function jpegBlocks(bytes: Uint8Array): MetadataBlock[] {
  const segments = jpegSegments(bytes);
  if (segments === undefined) return [{ name: 'unreadable JPEG', bytes: bytes.length }];
  const found = segments
    .filter((segment) => !carriesPixels(bytes, segment))
    .map((segment) => ({ name: jpegBlockName(bytes, segment), bytes: segment.end - segment.start }));
  const trailing = bytes.length - (segments.at(-1)?.end ?? 0);
  return trailing > 0 ? [...found, { name: 'bytes after the image', bytes: trailing }] : found;
}

function jpegBlockName(bytes: Uint8Array, segment: JpegSegment): string {
  const { marker } = segment;
  if (marker === 0xfe) return 'COM';
  if (marker < 0xe0 || marker > 0xef) return `marker ${marker.toString(16)}`;
  return `APP${marker - 0xe0} ${segmentIdentifier(bytes, segment).replaceAll(/[^\x20-\x7e]/g, '?')}`.trim();
}

function pngBlocks(bytes: Uint8Array): MetadataBlock[] {
  const found: MetadataBlock[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.buffer, bytes.byteOffset + at + 4, 4).toString('latin1');
    if (!PNG_PIXEL_CHUNKS.has(type)) found.push({ name: type, bytes: length });
    at += 12 + length;
    if (type === 'IEND') {
      if (at < bytes.length) found.push({ name: 'bytes after the image', bytes: bytes.length - at });
      return found;
    }
  }
  return [...found, { name: 'unreadable PNG', bytes: bytes.length - at }];
}
