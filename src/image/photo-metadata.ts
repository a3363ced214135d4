/**
 * Reads where and when a photo was taken from the metadata in its file: EXIF, and XMP for the position. The user sees
 * this metadata beside the model's answer. A model never receives it. sidecar-metadata.ts reads metadata from files
 * beside the photo.
 */
import ExifReader from 'exifreader';
import type { Coordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import { distanceKm } from '../core/distance.ts';
import { gpsPosition } from './gps-position.ts';
import type { GpsAngle, GpsPosition } from './gps-position.ts';
import { floatAngles } from './tiff-gps.ts';
import { xmpPosition } from './xmp-position.ts';

export type PhotoMetadata = {
  readonly coordinate?: Coordinate;
  /** Source of the coordinate; absent if the coordinate is from the photo's EXIF. */
  readonly positionSource?: 'XMP' | 'XMP sidecar' | 'Google Takeout';
  /**
   * Time when the photo was taken, `YYYY-MM-DDThh:mm:ss` in the camera's local time. It includes the UTC offset
   * (`+02:00`) if the file states it.
   */
  readonly takenAt?: string;
  /** Why the position in the metadata is not usable: for example, the latitude is 91 degrees or has no hemisphere. */
  readonly problem?: string;
};

type Tags = Readonly<Record<string, { readonly value?: unknown } | undefined>>;

/** Positions in EXIF and XMP that differ by more than this contradict each other. */
const MAX_DIFFERENCE_KM = 1;

/** Reads position and time. Returns an empty object if the file has neither or contains no readable metadata. */
export async function readPhotoMetadata(bytes: Uint8Array): Promise<PhotoMetadata> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { exif = {}, xmp } = readTags(file);
  const own = exifPosition(exif, file);
  const raw = xmp?.['_raw'];
  const packet = typeof raw === 'string' ? xmpPosition(raw, 'XMP') : {};
  return { ...agreed(own, packet), ...defined({ takenAt: exifTime(exif) }) };
}

function readTags(file: Buffer): { exif?: Tags; xmp?: Readonly<Record<string, unknown>> } {
  try {
    return ExifReader.load(file, { expanded: true }) as unknown as ReturnType<typeof readTags>;
  } catch {
    return {}; // exifreader does not support this file format, so there is no metadata to report.
  }
}

/**
 * Prefers EXIF to XMP, because cameras write EXIF and editors write XMP. Returns a problem if the two contradict each
 * other.
 */
function agreed(exif: GpsPosition, xmp: GpsPosition): PhotoMetadata {
  if (exif.coordinate === undefined) {
    return xmp.coordinate === undefined ? { ...xmp, ...exif } : { ...xmp, positionSource: 'XMP' };
  }
  if (xmp.coordinate === undefined) return exif;
  const km = distanceKm(exif.coordinate, xmp.coordinate);
  if (km <= MAX_DIFFERENCE_KM) return exif;
  return { problem: `The positions of EXIF and XMP contradict each other: they are ${km.toFixed(0)} km apart.` };
}

function exifPosition(tags: Tags, file: Buffer): GpsPosition {
  const floats = tags['GPSLatitude'] === undefined || tags['GPSLongitude'] === undefined ? floatAngles(file) : {};
  const angle = (name: string, float: readonly number[] | undefined): GpsAngle | undefined => {
    const parts = float ?? numbers(tags[name]?.value);
    return parts === undefined ? undefined : { parts, hemisphere: text(tags[`${name}Ref`]?.value) };
  };
  const latitude = angle('GPSLatitude', floats.latitude);
  return gpsPosition({ latitude, longitude: angle('GPSLongitude', floats.longitude) }, 'EXIF');
}

/**
 * Converts degrees, minutes and seconds to numbers. exifreader returns a list of rationals, or a single rational
 * without a list.
 */
function numbers(value: unknown): number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return [Number(value)];
  const items: unknown[] = value.length === 2 && value.every((one) => typeof one === 'number') ? [value] : value;
  return items.map((item, i) => {
    if (!Array.isArray(item)) return Number(item);
    const [numerator, denominator] = item.map(Number) as [number, number];
    // Cameras write 0/0 for unused minutes and seconds.
    return numerator === 0 && denominator === 0 && i > 0 ? 0 : numerator / denominator;
  });
}

function exifTime(tags: Tags): string | undefined {
  const written = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text(tags['DateTimeOriginal']?.value));
  if (written === null) return undefined;
  const [, year, month, day, clock] = written;
  const offset = /^[+-]\d\d:\d\d/.exec(text(tags['OffsetTimeOriginal']?.value))?.[0] ?? '';
  const takenAt = `${year}-${month}-${day}T${clock}${offset}`;
  return Number.isNaN(Date.parse(takenAt)) ? undefined : takenAt;
}

const text = (value: unknown): string =>
  Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : '';
