/** Parses a row's true place. Supports the formats that datasets and training engines use. */
import { parseAnswer } from '../../core/answer-grammar.ts';
import { defined } from '../../core/defined.ts';
import { linesOf } from '../../core/lines.ts';
import type { Place } from '../../core/place.ts';

/** Maximum length of a text that is read as the name of a place. */
const MAX_PLACE_CHARACTERS = 500;

/**
 * Parses "France\tParis" (the input of the release's plugin), "<country>France</country><city>Paris</city>" (the
 * dataset), "country: France\ncity: Paris" on two lines or on one, JSON, and "Paris, France". Returns undefined for all
 * other texts.
 */
export function placeOfSolution(solution: string): Place | undefined {
  const [country, city] = solution.includes('\t')
    ? solution.split('\t', 2)
    : FIELDS.map((field) => valueOf(solution, field));
  const oneLine = country !== undefined && /[,;|]\s*city\s*:/iu.test(country);
  if (country === undefined || oneLine) return solution.length > MAX_PLACE_CHARACTERS ? undefined : written(solution);
  if (country.trim() === '') return undefined;
  return { country: country.trim(), ...(city !== undefined && city.trim() !== '' && { city: city.trim() }) };
}

/** Parses a place in any form in which a model may write an answer. */
function written(solution: string): Place | undefined {
  const answer = parseAnswer(solution.trim());
  if (answer.kind !== 'place' || answer.place.country === '') return undefined;
  const { country, region, city } = answer.place;
  return { country, ...defined({ region, city }) };
}

const FIELDS = ['country', 'city'].map((name) => ({
  tag: new RegExp(`<${name}>([^<]*)</${name}>`, 'iu'),
  label: new RegExp(`^\\s*${name}\\s*:(.*)$`, 'iu'),
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
