/**
 * Where and when a photo was taken according to its own EXIF. It is shown to the user beside a model's answer, never to
 * a model.
 */
import exifr from 'exifr';
import { isCoordinate } from '../core/coordinate.ts';
import type { Coordinate } from '../core/coordinate.ts';

export type PhotoMetadata = {
  readonly coordinate?: Coordinate;
  /**
   * When it was taken: `YYYY-MM-DDThh:mm:ss`, the camera's local time, with its offset (`+02:00`) if the file has
   * one.
   */
  readonly takenAt?: string;
  /** Present but invalid metadata, e.g. a latitude of 91 degrees. */
  readonly problem?: string;
};

const TAGS = [
  'DateTimeOriginal',
  'OffsetTimeOriginal',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
];

/** Reads EXIF position and time. A file without them, or without readable EXIF, gives an empty object. */
export async function readPhotoMetadata(bytes: Uint8Array): Promise<PhotoMetadata> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tags = (await readTags(file)) ?? (await readTags(embeddedTiff(file)));
  return tags === undefined ? {} : { ...position(tags), ...time(tags) };
}

async function readTags(bytes: Buffer | undefined): Promise<Record<string, unknown> | undefined> {
  if (bytes === undefined) return undefined;
  try {
    const tags: Record<string, unknown> | undefined = await exifr.parse(bytes, { pick: TAGS, reviveValues: false });
    return tags !== undefined && TAGS.some((tag) => tag in tags) ? tags : undefined;
  } catch {
    return undefined; // exifr does not know the container, so there is no EXIF to report.
  }
}

/** Finds EXIF's TIFF structure by its signature, which exifr misses in WebP and in HEIF files with base offsets. */
function embeddedTiff(file: Buffer): Buffer | undefined {
  for (const signature of ['Exif\0\0MM\0*', 'Exif\0\0II*\0', 'EXIF']) {
    const at = file.indexOf(signature, 0, 'latin1');
    if (at !== -1) return file.subarray(at + (signature === 'EXIF' ? 8 : 6));
  }
  return undefined;
}

function position(tags: Record<string, unknown>): Pick<PhotoMetadata, 'coordinate' | 'problem'> {
  if (tags['GPSLatitude'] === undefined && tags['GPSLongitude'] === undefined) return {};
  const latitudeDegrees = degrees(tags['GPSLatitude'], tags['GPSLatitudeRef'] === 'S');
  const longitudeDegrees = degrees(tags['GPSLongitude'], tags['GPSLongitudeRef'] === 'W');
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    return { problem: `The EXIF position (${latitudeDegrees}, ${longitudeDegrees}) is not a position.` };
  }
  if (latitudeDegrees === 0 && longitudeDegrees === 0) {
    return { problem: 'The EXIF position is 0, 0, which cameras write when they have none.' };
  }
  return { coordinate: { latitudeDegrees, longitudeDegrees } };
}

/** Degrees, minutes and seconds as EXIF's three rationals; NaN for anything else. */
function degrees(value: unknown, negative: boolean): number {
  if (!Array.isArray(value)) return Number.NaN;
  const [whole = Number.NaN, minutes = 0, seconds = 0] = value.map(Number);
  // Seven decimals are a centimetre; further digits are rounding errors.
  const magnitude = Number((whole + minutes / 60 + seconds / 3600).toFixed(7));
  return negative ? -magnitude : magnitude;
}

function time(tags: Record<string, unknown>): Pick<PhotoMetadata, 'takenAt'> {
  const written = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text(tags['DateTimeOriginal']));
  if (written === null) return {};
  const [, year, month, day, clock] = written;
  const offset = /^[+-]\d\d:\d\d/.exec(text(tags['OffsetTimeOriginal']))?.[0] ?? '';
  const takenAt = `${year}-${month}-${day}T${clock}${offset}`;
  return Number.isNaN(Date.parse(takenAt)) ? {} : { takenAt };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
