/**
 * Computes a position from the latitude and longitude in metadata. A missing hemisphere, or one that contradicts the
 * sign of its number, is reported to the user as a problem. A guess could be wrong by half the circumference of the
 * Earth.
 */
import { isCoordinate } from '../core/coordinate.ts';
import type { Coordinate } from '../core/coordinate.ts';

/**
 * A latitude or longitude: degrees, minutes and seconds (or decimal degrees alone), and the hemisphere as written in
 * the file.
 */
export type GpsAngle = { readonly parts: readonly number[]; readonly hemisphere: string };

export type GpsPosition = { readonly coordinate?: Coordinate; readonly problem?: string };

type Axis = { readonly name: string; readonly positive: string; readonly negative: string };

const LATITUDE: Axis = { name: 'latitude', positive: 'N', negative: 'S' };
const LONGITUDE: Axis = { name: 'longitude', positive: 'E', negative: 'W' };

/**
 * Computes the position. Returns an empty object if both angles are absent. `source` names the metadata in problems,
 * e.g. EXIF.
 */
export function gpsPosition(
  { latitude, longitude }: { readonly latitude: GpsAngle | undefined; readonly longitude: GpsAngle | undefined },
  source: string,
): GpsPosition {
  if (latitude === undefined && longitude === undefined) return {};
  const problem = (text: string): GpsPosition => ({ problem: `The ${source} position ${text}.` });
  if (latitude === undefined || longitude === undefined) {
    return problem(`has no ${latitude === undefined ? 'latitude' : 'longitude'}`);
  }
  // If one angle is negative and has no hemisphere, the file contains signed numbers. The other angle then needs no
  // hemisphere.
  const signed = isSigned(latitude) || isSigned(longitude);
  const angles = [signedDegrees(latitude, LATITUDE, signed), signedDegrees(longitude, LONGITUDE, signed)] as const;
  const [latitudeDegrees, longitudeDegrees] = angles.map((angle) =>
    typeof angle === 'number' ? angle : Number.NaN,
  ) as [number, number];
  const contradiction = angles.find((angle) => typeof angle === 'string');
  if (contradiction !== undefined) return problem(contradiction);
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    return problem(`(${latitudeDegrees}, ${longitudeDegrees}) is invalid`);
  }
  if (latitudeDegrees === 0 && longitudeDegrees === 0)
    return problem('is 0, 0, which cameras write when they have no position');
  return { coordinate: { latitudeDegrees, longitudeDegrees } };
}

const isSigned = ({ parts, hemisphere }: GpsAngle): boolean => hemisphere === '' && isNegative(parts);

const isNegative = (parts: readonly number[]): boolean => parts.some((part) => part < 0 || Object.is(part, -0));

/** Returns signed degrees, NaN if the parts are not an angle, or a problem as text if the sign is unclear. */
function signedDegrees({ parts, hemisphere }: GpsAngle, axis: Axis, signed: boolean): number | string {
  const magnitude = degrees(parts);
  if (Number.isNaN(magnitude)) return magnitude;
  const side = sideOf(hemisphere, axis);
  const negative = isNegative(parts);
  if (side === 'unknown')
    return `has the ${axis.name} hemisphere "${hemisphere}", not ${axis.positive} or ${axis.negative}`;
  if (side === 'missing') {
    if (!signed && magnitude !== 0)
      return `does not say whether its ${axis.name} is ${axis.positive} or ${axis.negative}`;
    return negative ? -magnitude : magnitude;
  }
  if (negative && side === 'positive')
    return `contradicts itself: its ${axis.name} is negative but has the hemisphere ${axis.positive}`;
  return side === 'negative' ? -magnitude : magnitude;
}

/**
 * Reads the hemisphere from the first letter of texts such as "s" and "South". "O" counts as unknown, because it means
 * east in German (Ost) and west in French (Ouest).
 */
function sideOf(hemisphere: string, { positive, negative }: Axis): 'positive' | 'negative' | 'missing' | 'unknown' {
  const text = hemisphere.replaceAll('\0', '').trim().toUpperCase();
  if (text === '') return 'missing';
  if (text.startsWith(positive)) return 'positive';
  return text.startsWith(negative) ? 'negative' : 'unknown';
}

/** Returns unsigned degrees; NaN if a part is not a number, or if minutes or seconds exceed 60. */
function degrees(parts: readonly number[]): number {
  const [whole = Number.NaN, minutes = 0, seconds = 0] = parts.map(Math.abs);
  if (minutes > 60 || seconds > 60) return Number.NaN;
  // The seventh decimal is about a centimetre. Further digits are rounding errors.
  return Number((whole + minutes / 60 + seconds / 3600).toFixed(7));
}
