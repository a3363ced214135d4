/** Splits a JPEG file into its segments without decoding them. */

export type JpegSegment = {
  /** The second byte of the marker: 0xd8 start, 0xfe comment, 0xe1 APP1, 0xda scan, 0xd9 end. */
  readonly marker: number;
  /** Byte offsets of the segment. They include its marker and, for a scan, the entropy-coded data. */
  readonly start: number;
  readonly end: number;
};

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
/** The DNL segment, which may set the image height after the first scan. Decoders skip its content. */
const LATE_HEIGHT = 0xdc;

/** Returns the segments from the start to the end of the image; undefined if the bytes are not a complete JPEG. */
export function jpegSegments(bytes: Uint8Array): readonly JpegSegment[] | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== START) return undefined;
  const segments: JpegSegment[] = [{ marker: START, start: 0, end: 2 }];
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // Skip a fill byte.
      continue;
    }
    if (marker === END) return [...segments, { marker, start: at, end: at + 2 }];
    if (at + 4 > bytes.length) return undefined;
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const header = at + 2 + length;
    const end = marker === SCAN ? endOfScan(bytes, header) : header;
    segments.push({ marker, start: at, end });
    at = end;
  }
  return undefined;
}

/**
 * Returns the offset of the first marker after entropy-coded data. Skips stuffed bytes (ff 00), fill bytes and restart
 * markers.
 */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** True for segments that a decoder needs: frames, tables, scans, and the JFIF and Adobe headers. */
export function carriesPixels(bytes: Uint8Array, { marker, start, end }: JpegSegment): boolean {
  // Covers SOF, DHT, DAC, DQT, DRI, start, end and scans, but not reserved markers and extensions.
  if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) return true;
  if (marker >= START && marker <= 0xdd) return marker !== LATE_HEIGHT;
  const identifier = segmentIdentifier(bytes, { start, end });
  // A JFIF segment has 18 bytes if it contains no thumbnail. Adobe's segment of 16 bytes only states whether colours
  // are YCbCr, RGB or CMYK.
  if (marker === 0xe0) return identifier === 'JFIF' && end - start === 18;
  return marker === 0xee && identifier.startsWith('Adobe') && end - start === 16;
}

/** Returns the text at the start of an APPn segment, up to the first NUL. */
export function segmentIdentifier(bytes: Uint8Array, { start, end }: { start: number; end: number }): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start + 4, Math.min(end - start - 4, 40));
  return text.toString('latin1').split('\0')[0]!.trim();
}
