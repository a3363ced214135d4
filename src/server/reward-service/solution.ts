/** Reads the true place of a row in the formats of datasets and engines. */
import { linesOf } from '../../core/lines.ts';
import type { Place } from '../../core/place.ts';

/**
 * Reads "France\tParis" (input of the release's plugin), "<country>France</country><city>Paris</city>" (the dataset)
 * and "country: France\ncity: Paris". Returns undefined for anything else.
 */
export function placeOfSolution(solution: string): Place | undefined {
  const [country, city] = solution.includes('\t')
    ? solution.split('\t', 2)
    : FIELDS.map((field) => valueOf(solution, field));
  if (country === undefined || country.trim() === '') return undefined;
  return { country: country.trim(), ...(city !== undefined && city.trim() !== '' && { city: city.trim() }) };
}

const FIELDS = ['country', 'city'].map((name) => ({
  tag: new RegExp(`<${name}>([^<]*)</${name}>`, 'iu'),
  label: new RegExp(`^\\s*${name}\\s*:(.+)$`, 'iu'),
}));

function valueOf(solution: string, { tag, label }: (typeof FIELDS)[number]): string | undefined {
  const tagged = tag.exec(solution)?.[1];
  if (tagged !== undefined) return tagged;
  for (const line of linesOf(solution)) {
    const value = label.exec(line)?.[1];
    if (value !== undefined) return value;
  }
  return undefined;
}
