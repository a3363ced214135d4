/** The true place of a row, in the forms that datasets and engines carry it. */
import type { Place } from '../../core/place.ts';

/**
 * Reads "France\tParis" (what the release feeds its plugin), "<country>France</country><city>Paris</city>" (what the
 * dataset holds) and "country: France\ncity: Paris". Undefined for anything else.
 */
export function placeOfSolution(solution: string): Place | undefined {
  const tagged = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`, 'iu').exec(solution)?.[1] ??
    new RegExp(`^[^\\S\\n]*${name}[^\\S\\n]*:(.+)$`, 'imu').exec(solution)?.[1];
  const [country, city] = solution.includes('\t') ? solution.split('\t', 2) : [tagged('country'), tagged('city')];
  if (country === undefined || country.trim() === '') return undefined;
  return { country: country.trim(), ...(city !== undefined && city.trim() !== '' && { city: city.trim() }) };
}
