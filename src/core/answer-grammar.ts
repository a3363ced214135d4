/**
 * The answer grammar: parses any text that a model may write into an Answer, and never throws. Reward, evaluation and
 * locators all use this parser. It checks form only; whether a name is a real place is for the gazetteer to decide.
 *
 * Order: the <answer> (the last one outside the thinking, else inside), then the text after the thinking, then the
 * thinking if it was never closed. Within each: JSON, tags, a table, labelled fields, a bare "Helsinki, Finland", a
 * position. The last of several answers counts, because models correct themselves as they go.
 */
import { defined } from './defined.ts';
import type { Answer } from './answer.ts';
import { completionParts } from './answer-grammar/completion-parts.ts';
import { cleanValue, type Fields, holdsPlaceholder } from './answer-grammar/fields.ts';
import { jsonFields } from './answer-grammar/json-fields.ts';
import { labelledFields, tableFields, taggedFields } from './answer-grammar/labelled-fields.ts';
import { isRefusal } from './answer-grammar/refusal.ts';
import { type Coordinate } from './coordinate.ts';
import { coordinatesIn } from './coordinate-text.ts';
import type { Place } from './place.ts';

export { completionParts, type CompletionParts } from './answer-grammar/completion-parts.ts';

/** Maximum length of a text without labels that is read as one place name. */
const MAX_BARE_PLACE_CHARACTERS = 80;
/** "Helsinki" and "Finland" may be on separate lines. */
const MAX_BARE_LINES = 2;
const BULLET = /^\s*(?:[-•–+*]\s+|\d{1,2}[.)]\s+)/u;

/** Models trained on mathematics wrap their conclusion in this LaTeX command. */
const BOXED = /\\boxed\s?\{([^{}]{0,400})\}/gu;

/**
 * Reads what a model answered, whatever form it chose: a place, a coordinate, a refusal, or the reason why the text cannot be
 * read. Never throws.
 *
 * @example
 * parseAnswer('<think>Trams.</think><answer>country: Finland\ncity: Helsinki</answer>');
 * // { kind: 'place', place: { country: 'Finland', city: 'Helsinki' }, reasoning: 'Trams.' }
 */
export function parseAnswer(text: string): Answer {
  const parts = completionParts(text.replaceAll(BOXED, /<\s*answer\s*>/iu.test(text) ? '$1' : '<answer>$1</answer>'));
  const unparseable = (reason: string): Answer => ({ kind: 'unparseable', text, reason });
  if (text.trim() === '') return unparseable('the completion is empty');

  if (parts.answer !== undefined && parts.answer !== '') {
    const answer = readRegion(parts.answer, { reasoning: parts.thinking ?? parts.rest, bare: true });
    if (answer !== undefined) return answer;
  }
  const outside = readRegion(parts.rest, {
    ...defined({ reasoning: parts.thinking }),
    bare: parts.answer === undefined,
  });
  if (outside !== undefined) return outside;
  if (parts.truncated) {
    const inside = readRegion(parts.thinking ?? '', { bare: false });
    if (inside !== undefined) return inside;
    return unparseable('the thinking is never closed and holds no answer: the completion was probably cut off');
  }
  if (parts.answer !== undefined) return unparseable(`the answer names no place: "${excerpt(parts.answer)}"`);
  return unparseable(
    parts.thinking !== undefined && parts.rest === ''
      ? 'nothing follows the thinking'
      : 'no <answer>, labelled field, JSON, place name or position was found',
  );
}

/** The answer in one region of the completion; undefined when the region names no place. */
function readRegion(region: string, options: { reasoning?: string; bare: boolean }): Answer | undefined {
  const structured = jsonFields(region) ?? taggedFields(region) ?? tableFields(region) ?? labelledFields(region);
  if (structured !== undefined) {
    const reasoning = options.reasoning ?? structured.before.replace(/```\w*\s*$/u, '').trim();
    return fromFields(structured.fields, reasoning);
  }
  const reasoning = options.reasoning ?? region;
  const coordinate = coordinatesIn(region).at(-1);
  if (coordinate !== undefined) return { kind: 'coordinate', coordinate, reasoning };
  if (isRefusal(region)) return { kind: 'refusal', reasoning };
  const lines = region.split('\n', MAX_BARE_LINES + 1);
  const bare = options.bare && region.length <= MAX_BARE_PLACE_CHARACTERS && lines.length <= MAX_BARE_LINES;
  if (bare && !holdsPlaceholder(region)) {
    const value = cleanValue(lines.map((line) => line.replace(BULLET, '').trim()).join(', '));
    if (value === null) return { kind: 'refusal', reasoning };
    if (value !== undefined && /\p{L}/u.test(value)) return { kind: 'place', place: barePlace(value), reasoning };
  }
  return undefined;
}

/** The part of a sentence before its place: "I think this photo was most likely taken in". */
const BEFORE_PLACE =
  /^(?:i (?:think|believe|guess|would (?:say|guess))(?: that)? |my (?:best |final )?guess (?:is|would be)(?: that)? )?(?:(?:this|the|it)(?: (?:photo|photograph|image|picture|scene|place|location))? (?:was|is|shows|looks like|appears to be|seems to be|could be|might be|may be)(?: (?:most likely|likely|probably|possibly))?(?: (?:taken|shot|captured|located|situated|set))?(?: (?:in|at|from|near|around))? )?/iu;

/**
 * "City, Country" split at the last comma, "City in Country" or "City - Country". A single name becomes the city,
 * because the gazetteer looks for countries there too.
 */
function barePlace(text: string): Place {
  const named = text.replace(BEFORE_PLACE, '');
  const split =
    /^(?<city>.+),(?<country>[^,]+)$/u.exec(named) ?? /^(?<city>.+?) (?:in|[-–—]) (?<country>.+)$/u.exec(named);
  const [city, country] = [split?.groups!['city'] ?? named, split?.groups!['country'] ?? ''];
  return { country: cleanValue(country) ?? '', city: cleanValue(city) ?? city.trim() };
}

function fromFields(fields: Fields, reasoning: string): Answer {
  const coordinate = coordinateOf(fields);
  const confidence = confidenceOf(fields.confidence);
  const more = { reasoning, ...defined({ confidence }) };
  const place = placeFromFields(fields);
  if (place !== undefined) return { kind: 'place', place, ...more, ...defined({ coordinate }) };
  if (coordinate !== undefined) return { kind: 'coordinate', coordinate, ...more };
  return { kind: 'refusal', reasoning };
}

function placeFromFields({ country, region, city, place }: Fields): Place | undefined {
  if (country == null && city == null && region == null) {
    if (place == null || coordinatesIn(place).length > 0) return undefined;
    // {"answer": "country: Finland, city: Helsinki"}
    const inside = labelledFields(place)?.fields;
    return inside === undefined ? barePlace(place) : placeFromFields(inside);
  }
  return { country: country ?? '', ...(region != null && { region }), ...(city != null && { city }) };
}

function coordinateOf({ latitude, longitude, position, place }: Fields): Coordinate | undefined {
  if (latitude != null && longitude != null) {
    return coordinatesIn(`latitude: ${latitude}, longitude: ${longitude}`).at(-1);
  }
  if (position != null) return coordinatesIn(`latitude: ${position}`).at(-1);
  // "My best guess is 13.52° S, 71.97° W" labels a position as a place.
  return place == null ? undefined : coordinatesIn(place).at(-1);
}

/** "85%", "0.85", "85/100"; undefined for words and for values that are not a share. */
function confidenceOf(text: string | null | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(%|\/\s*(?:100|10|1)\b)?/u.exec(text ?? '');
  if (match === null) return undefined;
  const scale = match[2] === undefined ? 1 : match[2] === '%' ? 100 : Number(match[2].slice(1));
  const share = Number(match[1]) / (scale === 1 && Number(match[1]) > 1 ? 100 : scale);
  return share <= 1 ? share : undefined;
}

function excerpt(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
