/** The position and time in XMP, embedded or in a sidecar file. */
import { gpsPosition } from './gps-position.ts';
import type { GpsAngle, GpsPosition } from './gps-position.ts';

/** The position of an XMP packet; empty without one. `source` names the packet in problems. */
export function xmpPosition(xmp: string, source: string): GpsPosition {
  const angle = (name: string): GpsAngle | undefined => {
    const text = property(xmp, name);
    return text === undefined || text === '' ? undefined : angleOf(text, property(xmp, `${name}Ref`) ?? '');
  };
  return gpsPosition({ latitude: angle('GPSLatitude'), longitude: angle('GPSLongitude') }, source);
}

/** RDF writes a simple property as an attribute or as an element. */
function property(xmp: string, name: string): string | undefined {
  const attribute = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(xmp);
  const element = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)</`).exec(xmp);
  return (attribute?.[1] ?? attribute?.[2] ?? element?.[1])?.trim();
}

/** "12,2.784S", "12,2,47S" or decimal degrees; text that is neither gives an angle that is not a position. */
function angleOf(text: string, ref: string): GpsAngle {
  const numbers = /^([+-]?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([A-Za-z]*)$/.exec(text);
  if (numbers === null) return { parts: [Number.NaN], hemisphere: ref };
  const [, degrees, minutes, seconds, letter = ''] = numbers;
  const parts = [degrees, minutes, seconds].filter((part) => part !== undefined).map(Number);
  return { parts, hemisphere: letter === '' ? ref : letter };
}
