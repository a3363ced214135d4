/** Reads the position from XMP in a photo or a sidecar file. */
import { gpsPosition } from './gps-position.ts';
import type { GpsAngle, GpsPosition } from './gps-position.ts';

/**
 * The text with which an estimate of this program begins, in the property GPSProcessingMethod. An estimate must not pass
 * for the photo's own position later.
 */
export const ESTIMATE_MARK = 'GLOBE estimate';

/** Returns the position in an XMP text; an empty object if it has none. `source` names the text in problems. */
export function xmpPosition(xmp: string, source: string): GpsPosition {
  if (property(xmp, 'GPSProcessingMethod')?.startsWith(ESTIMATE_MARK) === true) return {};
  const angle = (name: string): GpsAngle | undefined => {
    const text = property(xmp, name);
    return text === undefined || text === '' ? undefined : angleOf(text, property(xmp, `${name}Ref`) ?? '');
  };
  return gpsPosition({ latitude: angle('GPSLatitude'), longitude: angle('GPSLongitude') }, source);
}

/** Returns the text of a property. XMP may write a property as an attribute or as an element. */
function property(xmp: string, name: string): string | undefined {
  const attribute = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(xmp);
  const element = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)</`).exec(xmp);
  return (attribute?.[1] ?? attribute?.[2] ?? element?.[1])?.trim();
}

/** Parses "12,2.784S", "12,2,47S" and decimal degrees. Any other text becomes NaN, which is reported as a problem. */
function angleOf(text: string, ref: string): GpsAngle {
  const numbers = /^([+-]?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([A-Za-z]*)$/.exec(text);
  if (numbers === null) return { parts: [Number.NaN], hemisphere: ref };
  const [, degrees, minutes, seconds, letter = ''] = numbers;
  const parts = [degrees, minutes, seconds].filter((part) => part !== undefined).map(Number);
  return { parts, hemisphere: letter === '' ? ref : letter };
}
