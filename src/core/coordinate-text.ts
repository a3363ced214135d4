/**
 * Parses positions as models write them in prose: "48.8584° N, 2.2945° E", "(-33.86, 151.2)", "lat: 48.85, long: 2.29",
 * 48°51′30″N 2°17′40″E. Existing packages reject the most common form, plain pairs with fewer than three decimals
 * (docs/decisions/0003-answer-grammar.md).
 */
import { type Coordinate, isCoordinate } from './coordinate.ts';

/** One angle: sign, degrees, and optional minutes and seconds, each with its mark; 5 groups with the hemisphere. */
const ANGLE = String.raw`([-−–+]?\d{1,3}(?:\.\d+)?)\s*(?:°|º|deg(?:rees)?\b)?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″”]|'')\s*)?)?`;
const LATITUDE_LABEL = String.raw`(?:["']?lat(?:itude)?\.?["']?\s*[:=]?\s*["']?)`;
const LONGITUDE_LABEL = String.raw`(?:["']?(?:long?|lng)(?:itude)?\.?["']?\s*[:=]?\s*["']?)`;

const PAIR = new RegExp(
  String.raw`(${LATITUDE_LABEL})?([NS]\s+)?${ANGLE}\s*([NS](?![a-z])|north\b|south\b)?["']?\s*[,;/|\s]\s*(?:and\s+)?(${LONGITUDE_LABEL})?([EW]\s+)?${ANGLE}\s*([EW](?![a-z])|east\b|west\b)?`,
  'giu',
);

/** Degrees from the parts of one angle; undefined for 60 or more minutes or seconds. */
function degrees(parts: readonly (string | undefined)[], hemisphere: string | undefined): number | undefined {
  const [whole = '', minutes = '0', seconds = '0'] = parts.map((part) => part ?? undefined);
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const signed = Number(whole.replace(/[−–]/u, '-'));
  const size = Math.abs(signed) + Number(minutes) / 60 + Number(seconds) / 3600;
  const negative = /^[sw]/iu.test(hemisphere?.trim() ?? '') || signed < 0 || Object.is(signed, -0);
  return negative ? -size : size;
}

/**
 * Every position in the text, in order. A bare pair of numbers counts only when something marks it as a position: a
 * label, a degree sign, two hemispheres, or a comma between numbers that both have decimals ("3, 5" is a list).
 */
export function coordinatesIn(text: string): Coordinate[] {
  const found: Coordinate[] = [];
  // White space may occur in a dozen places of a position; a long run could be split among them in too many ways.
  for (const match of text.replaceAll(/[*_`]/gu, '').replaceAll(/\s+/gu, ' ').matchAll(PAIR)) {
    const [whole, latitudeLabel, leadingNS, a1, a2, a3, trailingNS, longitudeLabel, leadingEW, b1, b2, b3, trailingEW] =
      match;
    const hemisphereNS = leadingNS ?? trailingNS;
    const hemisphereEW = leadingEW ?? trailingEW;
    const marked =
      latitudeLabel !== undefined ||
      longitudeLabel !== undefined ||
      (hemisphereNS !== undefined && hemisphereEW !== undefined) ||
      /[°º]/u.test(whole) ||
      (a1!.includes('.') && b1!.includes('.') && whole.includes(','));
    const latitude = degrees([a1, a2, a3], hemisphereNS);
    const longitude = degrees([b1, b2, b3], hemisphereEW);
    if (!marked || latitude === undefined || longitude === undefined || !isCoordinate(latitude, longitude)) continue;
    found.push({ latitudeDegrees: latitude, longitudeDegrees: longitude });
  }
  return found;
}
