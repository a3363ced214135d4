/**
 * Finds metadata by its bytes: the proof that nothing but pixels leaves this program. It reads the container
 * formats directly instead of asking the library that wrote them, and it does not decode.
 */

/** One block that carries something other than pixels, e.g. `{ name: 'APP1 Exif', bytes: 512 }`. */
export type MetadataBlock = { readonly name: string; readonly bytes: number };

/**
 * Every metadata block of a JPEG or PNG: APP1 to APP15 but for Adobe's colour transform, JFIF thumbnails, comments,
 * ancillary PNG chunks that hold text, time, EXIF or profiles, and bytes after the end of the image.
 * Bytes that are neither JPEG nor PNG, or are cut short, are one block named so: what cannot be read is not clean.
 */
export function metadataBlocks(bytes: Uint8Array): MetadataBlock[] {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegBlocks(bytes);
  if (PNG_SIGNATURE.every((value, i) => bytes[i] === value)) return pngBlocks(bytes);
  return [{ name: 'not a JPEG or PNG', bytes: bytes.length }];
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks that a decoder needs, or that only describe how samples become light. */
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

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, Math.min(to, bytes.length) - from)).toString('latin1');

function jpegBlocks(bytes: Uint8Array): MetadataBlock[] {
  const found: MetadataBlock[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return [...found, { name: 'unreadable JPEG', bytes: bytes.length - at }];
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // A fill byte.
      continue;
    }
    if (marker === 0xd9) break;
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const name = jpegBlockName(bytes, { marker, at, length });
    if (name !== undefined) found.push({ name, bytes: length });
    at += 2 + length;
    if (marker === 0xda) at = endOfScan(bytes, at);
  }
  if (bytes[at] !== 0xff || bytes[at + 1] !== 0xd9) return [...found, { name: 'unreadable JPEG', bytes: 0 }];
  const trailing = bytes.length - (at + 2);
  if (trailing > 0) found.push({ name: 'bytes after the image', bytes: trailing });
  return found;
}

function jpegBlockName(
  bytes: Uint8Array,
  { marker, at, length }: { marker: number; at: number; length: number },
): string | undefined {
  if (marker === 0xfe) return 'COM';
  if (marker < 0xe0 || marker > 0xef) return undefined;
  const identifier = latin1(bytes, at + 4, at + 2 + Math.min(length, 40))
    .split('\0')[0]!
    .trim();
  // JFIF without a thumbnail is 16 bytes; Adobe's 14 say only how YCbCr or CMYK is stored.
  if (marker === 0xe0 && identifier === 'JFIF' && length === 16) return undefined;
  if (marker === 0xee && identifier.startsWith('Adobe') && length === 14) return undefined;
  return `APP${marker - 0xe0} ${identifier.replaceAll(/[^\x20-\x7e]/g, '?')}`.trim();
}

/** The next marker after entropy-coded data: 0xff that is neither stuffed (00) nor a restart (d0 to d7). */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0 && next !== 0xff && !(next !== undefined && next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

function pngBlocks(bytes: Uint8Array): MetadataBlock[] {
  const found: MetadataBlock[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = latin1(bytes, at + 4, at + 8);
    if (!PNG_PIXEL_CHUNKS.has(type)) found.push({ name: type, bytes: length });
    at += 12 + length;
    if (type === 'IEND') {
      if (at < bytes.length) found.push({ name: 'bytes after the image', bytes: bytes.length - at });
      return found;
    }
  }
  return [...found, { name: 'unreadable PNG', bytes: bytes.length - at }];
}
