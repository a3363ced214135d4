/**
 * The answer grammar: parses any text of a model into an Answer and never throws. Reward, evaluation and locators all
 * use this parser. It checks only the form of the text. The gazetteer decides whether a name is a real place.
 *
 * The parser searches these regions, in this order:
 * - the last <answer> outside the thinking block, or the last one inside it if there is none outside;
 * - the text outside the thinking block;
 * - a thinking block without a closing tag.
 *
 * In each region it tries these forms, in this order: JSON, tags, a table, labelled fields, a numbered list of places,
 * a position, a sentence that states the place, a bare "Helsinki, Finland". If a region has several answers, the last
 * one counts, because models correct themselves as they write. In a ranked list, the place with the best rank counts.
 * docs/answers.md describes all forms.
 */
import type { Alternative, Answer } from './answer.ts';
import {
  barePlace,
  placeInProse,
  placeOnLine,
  rankedLines,
  splitAlternatives,
  wholePlace,
} from './answer-grammar/bare-place.ts';
import { completionParts } from './answer-grammar/completion-parts.ts';
import { confidenceOf, type Fields, type Reading } from './answer-grammar/fields.ts';
import { jsonFields } from './answer-grammar/json-fields.ts';
import { labelledFields, taggedFields } from './answer-grammar/labelled-fields.ts';
import { withoutBoxes } from './answer-grammar/markup.ts';
import { isRefusal } from './answer-grammar/refusal.ts';
import { tableFields } from './answer-grammar/tables.ts';
import { type Coordinate } from './coordinate.ts';
import { coordinatesIn } from './coordinate-text.ts';
import { defined } from './defined.ts';
import type { Place } from './place.ts';

export { completionParts, type CompletionParts } from './answer-grammar/completion-parts.ts';

/**
 * Maximum length of a completion. Longer completions are not parsed. Most completions have a few thousand characters.
 */
export const MAX_COMPLETION_CHARACTERS = 256 * 1024;
/** Positions without labels are searched for only in this many characters at the end of a region. */
const MAX_POSITION_CHARACTERS = 64 * 1024;
/** Maximum number of alternatives in an answer. */
const MAX_ALTERNATIVES = 10;

/**
 * Reads a model's answer in any form: a place, a coordinate, a refusal, or the reason why the text cannot be parsed.
 * Never throws.
 *
 * @example
 * parseAnswer('<think>Trams.</think><answer>country: Finland\ncity: Helsinki</answer>');
 * // { kind: 'place', place: { country: 'Finland', city: 'Helsinki' }, reasoning: 'Trams.' }
 */
export function parseAnswer(text: string): Answer {
  const unparseable = (reason: string): Answer => ({ kind: 'unparseable', text, reason });
  if (text.length > MAX_COMPLETION_CHARACTERS) {
    return unparseable(
      `the completion has ${text.length} characters, more than the limit of ${MAX_COMPLETION_CHARACTERS}`,
    );
  }
  const parts = completionParts(withoutBoxes(text));
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
    return unparseable('the thinking has no closing tag and contains no answer: the completion was probably truncated');
  }
  if (parts.answer !== undefined) return unparseable(`the answer names no place: "${excerpt(parts.answer)}"`);
  return unparseable(
    parts.thinking !== undefined && parts.rest === ''
      ? 'nothing follows the thinking'
      : 'no <answer>, labelled field, JSON, place name or position was found',
  );
}

/** Returns the answer in one region of the completion; undefined if the region contains none. */
function readRegion(region: string, options: { reasoning?: string; bare: boolean }): Answer | undefined {
  const structured =
    jsonFields(region) ?? taggedFields(region) ?? tableFields(region) ?? labelledFields(region) ?? rankedLines(region);
  if (structured !== undefined) {
    const answer = fromReading(structured, options.reasoning);
    // The labelled fields may contain only half of a position, as in "lat=-12.05&lon=-77.04". In that case, search the
    // text for the whole position.
    const { latitude, longitude, position } = structured.fields;
    if (answer.kind !== 'refusal' || (latitude ?? longitude ?? position) == null) return answer;
  }
  const reasoning = options.reasoning ?? region;
  const coordinate = coordinatesIn(region.slice(-MAX_POSITION_CHARACTERS)).at(-1);
  if (coordinate !== undefined) return { kind: 'coordinate', coordinate, reasoning };
  if (!options.bare) return isRefusal(region) ? { kind: 'refusal', reasoning } : undefined;
  const prose = placeInProse(region);
  if (isRefusal(region)) return { kind: 'refusal', reasoning };
  if (prose !== undefined) return fromReading(prose, options.reasoning);
  const whole = wholePlace(region);
  if (whole === null) return { kind: 'refusal', reasoning };
  if (whole !== undefined) return fromReading(whole, options.reasoning);
  const line = placeOnLine(region);
  return line === undefined ? undefined : fromReading(line, options.reasoning);
}

function fromReading({ fields, alternatives, before, reasons }: Reading, reasoning: string | undefined): Answer {
  const written = [before.replace(/```\w{0,20}\s{0,9}$/u, '').trim(), reasons].filter(
    (part) => part !== undefined && part !== '',
  );
  return fromFields(fields, { reasoning: reasoning ?? written.join('\n'), alternatives });
}

type FieldContext = { readonly reasoning: string; readonly alternatives?: readonly Fields[] };

function fromFields(fields: Fields, { reasoning, alternatives: others = [] }: FieldContext): Answer {
  const coordinate = coordinateOf(fields);
  const confidence = confidenceOf(fields.confidence);
  const place = placeFromFields(fields);
  const alternatives = [
    ...(place?.others ?? []).map(barePlace).map((place): Alternative => ({ place })),
    ...others.flatMap(alternativeOf),
  ];
  const more = {
    reasoning,
    ...defined({ confidence }),
    ...(alternatives.length > 0 && { alternatives: alternatives.slice(0, MAX_ALTERNATIVES) }),
  };
  if (place !== undefined) return { kind: 'place', place: place.place, ...more, ...defined({ coordinate }) };
  if (coordinate !== undefined) return { kind: 'coordinate', coordinate, ...more };
  return { kind: 'refusal', reasoning };
}

function alternativeOf(fields: Fields): Alternative[] {
  const place = placeFromFields(fields)?.place;
  const coordinate = coordinateOf(fields);
  if (place === undefined && coordinate === undefined) return [];
  return [defined({ place, coordinate, probability: confidenceOf(fields.confidence) })];
}

function placeFromFields({ country, region, city, place }: Fields): { place: Place; others: string[] } | undefined {
  if (country == null && city == null && region == null) {
    if (place == null || coordinatesIn(place).length > 0) return undefined;
    // The value itself may contain labels: {"answer": "country: Finland, city: Helsinki"}.
    const inside = labelledFields(place)?.fields;
    if (inside !== undefined) return placeFromFields(inside);
    const [first, ...others] = splitAlternatives(place);
    return { place: barePlace(first), others };
  }
  // If only a place and a country are present, the place is the city: {"place": "Valdivia", "country": "Chile"}.
  const hasOnlyPlace = city == null && region == null && place != null && place !== country;
  const named = hasOnlyPlace && coordinatesIn(place).length === 0 ? place : city;
  return {
    place: { country: country ?? '', ...(region != null && { region }), ...(named != null && { city: named }) },
    others: [],
  };
}

function coordinateOf({ latitude, longitude, position, place }: Fields): Coordinate | undefined {
  if (latitude != null && longitude != null) {
    return coordinatesIn(`latitude: ${latitude}; longitude: ${longitude}`).at(-1);
  }
  if (position != null) return coordinatesIn(position, { marked: true }).at(-1);
  // A value labelled as a place may be a position: "My best guess is 13.52° S, 71.97° W".
  return place == null ? undefined : coordinatesIn(place).at(-1);
}

function excerpt(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
