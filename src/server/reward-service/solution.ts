/** Reads the true place of a row in the formats of datasets and engines. */
import type { Place } from '../../core/place.ts';

/**
 * Reads "France\tParis" (input of the release's plugin), "<country>France</country><city>Paris</city>" (the dataset)
 * and "country: France\ncity: Paris". Returns undefined for anything else.
 */
export function placeOfSolution(solution: string): Place | undefined {
  const tagged = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`, 'iu').exec(solution)?.[1] ??
    new RegExp(`^[^\\S\\n]*${name}[^\\S\\n]*:(.+)$`, 'imu').exec(solution)?.[1];
  const [country, city] = solution.includes('\t') ? solution.split('\t', 2) : [tagged('country'), tagged('city')];
  if (country === undefined || country.trim() === '') return undefined;
  return { country: country.trim(), ...(city !== undefined && city.trim() !== '' && { city: city.trim() }) };
}
