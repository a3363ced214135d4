/**
 * Computes a position from the latitude and longitude in metadata. If a hemisphere is missing or contradicts the sign
 * of its number, a problem is reported to the user, because a guess could be half the world away.
 */
import { isCoordinate } from '../core/coordinate.ts';
import type { Coordinate } from '../core/coordinate.ts';

/** A latitude or longitude: degrees, minutes and seconds (or decimal degrees alone), and the hemisphere as written. */
export type GpsAngle = { readonly parts: readonly number[]; readonly hemisphere: string };

export type GpsPosition = { readonly coordinate?: Coordinate; readonly problem?: string };

type Axis = { readonly name: string; readonly positive: string; readonly negative: string };

const LATITUDE: Axis = { name: 'latitude', positive: 'N', negative: 'S' };
const LONGITUDE: Axis = { name: 'longitude', positive: 'E', negative: 'W' };

/** Returns an empty object if both angles are absent. `source` names the metadata in problems, e.g. EXIF. */
export function gpsPosition(
  { latitude, longitude }: { readonly latitude: GpsAngle | undefined; readonly longitude: GpsAngle | undefined },
  source: string,
): GpsPosition {
  if (latitude === undefined && longitude === undefined) return {};
  const problem = (text: string): GpsPosition => ({ problem: `The ${source} position ${text}.` });
  if (latitude === undefined || longitude === undefined) {
    return problem(`has no ${latitude === undefined ? 'latitude' : 'longitude'}`);
  }
  // If an angle without hemisphere is negative, both are signed numbers, so the other may be positive without a letter.
  const signed = isSigned(latitude) || isSigned(longitude);
  const angles = [signedDegrees(latitude, LATITUDE, signed), signedDegrees(longitude, LONGITUDE, signed)] as const;
  const [latitudeDegrees, longitudeDegrees] = angles.map((angle) =>
    typeof angle === 'number' ? angle : Number.NaN,
  ) as [number, number];
  const contradiction = angles.find((angle) => typeof angle === 'string');
  if (contradiction !== undefined) return problem(contradiction);
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    return problem(`(${latitudeDegrees}, ${longitudeDegrees}) is not a position`);
  }
  if (latitudeDegrees === 0 && longitudeDegrees === 0)
    return problem('is 0, 0, which cameras write when they have no position');
  return { coordinate: { latitudeDegrees, longitudeDegrees } };
}

const isSigned = ({ parts, hemisphere }: GpsAngle): boolean => hemisphere === '' && isNegative(parts);

const isNegative = (parts: readonly number[]): boolean => parts.some((part) => part < 0 || Object.is(part, -0));

/** Signed degrees; NaN if the parts are not an angle; the problem as text if the hemisphere leaves the sign unclear. */
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
  if (negative && side === 'positive') return `is contradictory: a negative ${axis.name} beside ${axis.positive}`;
  return side === 'negative' ? -magnitude : magnitude;
}

/** Reads the first letter of "s" or "South". "O" is unknown, because it means east (Ost) or west (Ouest). */
function sideOf(hemisphere: string, { positive, negative }: Axis): 'positive' | 'negative' | 'missing' | 'unknown' {
  const text = hemisphere.replaceAll('\0', '').trim().toUpperCase();
  if (text === '') return 'missing';
  if (text.startsWith(positive)) return 'positive';
  return text.startsWith(negative) ? 'negative' : 'unknown';
}

/** Degrees without sign; NaN if a part is not a number, or if minutes or seconds exceed 60. */
function degrees(parts: readonly number[]): number {
  const [whole = Number.NaN, minutes = 0, seconds = 0] = parts.map(Math.abs);
  if (minutes > 60 || seconds > 60) return Number.NaN;
  // The seventh decimal is a centimetre; further digits are only rounding errors.
  return Number((whole + minutes / 60 + seconds / 3600).toFixed(7));
}
