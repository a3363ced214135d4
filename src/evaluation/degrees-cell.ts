/** Reads degrees from a table cell, in the notations that spreadsheets and models write. */

export type DegreesAxis = 'latitude' | 'longitude';

const LETTERS = { latitude: { N: 1, S: -1 }, longitude: { E: 1, W: -1 } } as const;
const CELL = /^([NSEW])?\s*([+-]?\d+(?:[.,]\d+)?|[+-]?[.,]\d+)\s*(?:°|º|deg(?:rees)?)?\s*([NSEW])?$/iu;

/** Matches degrees with minutes and perhaps seconds: 64°09'N, S 12°02′47.04″, -77:02:34. */
const SEXAGESIMAL =
  /^([NSEW])?\s*([+-])?(\d{1,3})\s*[°º:]\s*([0-5]?\d(?:[.,]\d+)?)\s*(?:['′’:]\s*(?:([0-5]?\d(?:[.,]\d+)?)\s*(?:["″”]|'')?)?)?\s*([NSEW])?$/iu;

/** Returns a cell in degrees, minutes and seconds as one in decimal degrees; another cell is unchanged. */
function asDecimal(text: string): string {
  const [whole, before = '', sign = '', degrees, minutes, seconds = '0', after = ''] = SEXAGESIMAL.exec(text) ?? [];
  if (whole === undefined) return text;
  const [m, s] = [minutes!, seconds].map((part) => Number(part.replace(',', '.')));
  return `${before}${sign}${Number(degrees) + m! / 60 + s! / 3600}${after}`;
}

/**
 * Reads degrees. Accepts a decimal point or comma, a degree sign, a typographic minus, a hemisphere letter, minutes and seconds. A
 * longitude from 180 to 360 counts eastwards from Greenwich. Returns NaN for other text, and for a hemisphere letter of
 * the other axis.
 */
export function degreesOf(cell: string, axis: DegreesAxis): number {
  const text = cell.trim().replaceAll(/[\u2212\u2012\u2013\uFE63\uFF0D]/gu, '-');
  if (/^[+-]?\d+(?:\.\d+)?e[+-]?\d+$/iu.test(text)) return Number(text);
  const [, before, number, after] = CELL.exec(asDecimal(text)) ?? [];
  if (number === undefined || (before !== undefined && after !== undefined)) return Number.NaN;
  const value = Number(number.replace(',', '.'));
  const letter = (before ?? after)?.toUpperCase();
  if (letter !== undefined) {
    const sign = (LETTERS[axis] as Readonly<Record<string, number>>)[letter];
    // The minus and the letter agree in "-12 S", but contradict each other in "-12 N".
    return sign === undefined || (value < 0 && sign > 0) ? Number.NaN : Math.abs(value) * sign;
  }
  return axis === 'longitude' && value > 180 && value <= 360 ? value - 360 : value;
}

/** True if the cell contains an error message, which some programs write in place of a result. */
export const recordsError = (cell: string): boolean =>
  /error|exception|fail|time(?:d )?out|traceback|rate limit|unavailable|http|refus|not found|missing|skipped/iu.test(
    cell,
  );
