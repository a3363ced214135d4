/**
 * Where and when a photo was taken according to its own metadata: EXIF, then XMP. It is shown to the user beside a
 * model's answer, never to a model. sidecar-metadata.ts reads the files beside a photo.
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
  /** Where the coordinate is from; absent for the photo's EXIF. */
  readonly positionSource?: 'XMP' | 'XMP sidecar' | 'Google Takeout';
  /**
   * When it was taken: `YYYY-MM-DDThh:mm:ss`, the camera's local time, with its offset (`+02:00`) if the file has
   * one.
   */
  readonly takenAt?: string;
  /** Present but invalid or contradictory metadata, e.g. a latitude of 91 degrees, or one without its hemisphere. */
  readonly problem?: string;
};

type Tags = Readonly<Record<string, { readonly value?: unknown } | undefined>>;

/** Positions of EXIF and XMP that differ by more are of different places. */
const MAX_DIFFERENCE_KM = 1;

/** Reads position and time. A file without them, or without readable metadata, gives an empty object. */
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
    return {}; // exifreader does not know the container, so there is no metadata to report.
  }
}

/** The camera's position before an editor's; a problem if the two are of different places. */
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

/** Degrees, minutes and seconds from rationals; one rational stands without its list. */
function numbers(value: unknown): number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return [Number(value)];
  const items: unknown[] = value.length === 2 && value.every((one) => typeof one === 'number') ? [value] : value;
  return items.map((item, i) => {
    if (!Array.isArray(item)) return Number(item);
    const [numerator, denominator] = item.map(Number) as [number, number];
    // Cameras write 0/0 for minutes and seconds that they do not use.
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
