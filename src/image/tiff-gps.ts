/**
 * Reads GPS angles that EXIF stores as floating-point numbers, because exifreader ignores such angles. Finds the TIFF
 * structure of EXIF by its signature, in any image format.
 */

const GPS_POINTER = 0x88_25;
const LATITUDE = 2;
const LONGITUDE = 4;
const FLOAT = 11;
const DOUBLE = 12;
/** Maximum number of entries in a directory. Photos have a few dozen. A larger count means that the file is damaged. */
const MAX_ENTRIES = 512;

export type FloatAngles = { readonly latitude?: readonly number[]; readonly longitude?: readonly number[] };

/** Reads latitude and longitude of type FLOAT or DOUBLE. Returns an empty object if the file has none. */
export function floatAngles(file: Buffer): FloatAngles {
  for (const [signature, length] of SIGNATURES) {
    const found = file.indexOf(signature, 0, 'latin1');
    const tiff = found === -1 ? file : file.subarray(found + length);
    if (!/^(?:MM\0\*|II\*\0)/.test(tiff.toString('latin1', 0, 4))) continue;
    try {
      return readAngles(tiff);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // A RangeError means that the directory points outside the file.
    }
  }
  return {};
}

/**
 * The signature before the TIFF structure, and the number of bytes to skip from its start. The first row is for JPEG,
 * HEIC and AVIF, the second for WebP, the third for PNG. TIFF files have no signature.
 */
const SIGNATURES = [
  ['Exif\0\0', 6],
  ['EXIF', 8],
  ['eXIf', 4],
] as const;

type Tiff = { readonly view: DataView; readonly little: boolean };
type Entry = { readonly tag: number; readonly type: number; readonly count: number; readonly at: number };

function readAngles(bytes: Buffer): FloatAngles {
  const tiff = {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    little: bytes[0] === 'I'.charCodeAt(0),
  };
  const pointer = entriesAt(tiff, tiff.view.getUint32(4, tiff.little)).find(({ tag }) => tag === GPS_POINTER);
  if (pointer === undefined) return {};
  const entries = entriesAt(tiff, tiff.view.getUint32(pointer.at + 8, tiff.little));
  const [latitude, longitude] = [LATITUDE, LONGITUDE].map((tag) =>
    floats(
      tiff,
      entries.find((one) => one.tag === tag),
    ),
  );
  return { ...(latitude && { latitude }), ...(longitude && { longitude }) };
}

function entriesAt({ view, little }: Tiff, offset: number): Entry[] {
  const length = Math.min(view.getUint16(offset, little), MAX_ENTRIES);
  return Array.from({ length }, (_, i) => {
    const at = offset + 2 + 12 * i;
    return {
      tag: view.getUint16(at, little),
      type: view.getUint16(at + 2, little),
      count: view.getUint32(at + 4, little),
      at,
    };
  });
}

function floats({ view, little }: Tiff, entry: Entry | undefined): number[] | undefined {
  if (entry === undefined || (entry.type !== FLOAT && entry.type !== DOUBLE)) return undefined;
  const { type, count, at } = entry;
  const size = type === DOUBLE ? 8 : 4;
  const start = size * count <= 4 ? at + 8 : view.getUint32(at + 8, little);
  return Array.from({ length: Math.min(count, 3) }, (_, i) =>
    type === DOUBLE ? view.getFloat64(start + size * i, little) : view.getFloat32(start + size * i, little),
  );
}
