/**
 * Reads places without labels: "Helsinki, Finland", a sentence that ends in such a place, and a ranked list of places.
 */
import type { Place } from '../place.ts';
import { linesOf } from '../lines.ts';
import {
  cleanValue,
  type Fields,
  holdsPlaceholder,
  rankedGuesses,
  type Reading,
  withoutMarkdown,
  withoutProbability,
} from './fields.ts';
import { isPlaceLike, MAX_BARE_PLACE_CHARACTERS } from './place-like.ts';

/** A bare place has at most two lines, because "Helsinki" and "Finland" may be on separate lines. */
const MAX_BARE_LINES = 2;
const BULLET = /^\s*(?:[-•–+*]\s+|\d{1,2}[.)]\s+)/u;

/** Matches the words of a sentence before its place: "I think this photo was most likely taken in". */
const BEFORE_PLACE =
  /^(?:(?:i|we) (?:(?:am|['’]m) (?:\w+ ){0,2}?(?:confident|sure|certain)|(?:think|believe|guess|suspect|conclude|['’]d say|would (?:say|guess)))(?: that)?[ :,]{1,2}|(?:so|therefore|thus|hence|overall|in conclusion|based on (?:this|these|the) [^,.]{1,60}),? |my (?:best |final )?guess (?:is|would be)(?: that)? )?(?:(?:this|the|it)(?: (?:photo|photograph|image|picture|scene|place|location))? (?:was|is|shows|depicts|looks like|appears to be|seems to be|could be|might be|may be|must be|resembles)(?: (?:most likely|most probably|very likely|likely|probably|possibly|almost certainly|certainly|definitely|clearly))?(?: (?:taken|shot|captured|photographed|located|situated|set))?(?: (?:somewhere )?(?:in|at|from|near|around))? )?/iu;

/**
 * Splits a bare place into city and country: "City, Country" at the last comma outside parentheses, "City in Country"
 * or "City - Country". A single name becomes the city, because the gazetteer also looks for countries in the city
 * field.
 */
export function barePlace(text: string): Place {
  const named = withoutRemark(text.replace(BEFORE_PLACE, ''));
  const split =
    /^(?<city>.+),(?<country>[^,]+)$/u.exec(named) ?? /^(?<city>.+?) (?:in|[-–—]) (?<country>.+)$/u.exec(named);
  const [city, country] = [split?.groups!['city'] ?? named, split?.groups!['country'] ?? ''];
  const whole = cleanValue(city) ?? city.trim();
  return {
    country: (cleanValue(country) ?? '').replace(PART_OF_COUNTRY, ''),
    city: whole.replace(/^(?:the )?(?:city|town|village|municipality) of (?=\p{Lu})/iu, ''),
  };
}

/**
 * Matches the qualifier in "northern Portugal". The lower-case first letter distinguishes the qualifier from a name
 * such as "Northern Ireland".
 */
const PART_OF_COUNTRY =
  /^(?:the )?(?:(?:north|south)-?(?:ern|east(?:ern)?|west(?:ern)?)|(?:east|west)ern|central|rural|coastal|mainland) (?=\p{Lu})/u;

/** Removes a remark in parentheses, as in "Paris, France (Eiffel Tower, Seine)", but keeps "Porto (Portugal)". */
function withoutRemark(text: string): string {
  const match = /^(?<name>[^()]*[^()\s,])\s*\((?<remark>[^()]*)\)[\s.]*$/u.exec(text);
  if (match === null) return text;
  const { name, remark } = match.groups!;
  return name!.includes(',') || remark!.includes(',') ? name! : text;
}

/** Splits "Porto, Portugal; or Vigo, Spain" and "Porto, Portugal (alternatively Vigo, Spain)" into their places. */
export function splitAlternatives(text: string): readonly [first: string, ...others: string[]] {
  const parts = text
    .split(BETWEEN_ALTERNATIVES)
    .map((part) => (part.includes('(') ? part : part.replace(/\)\s*$/u, '')).replace(/^\(/u, '').trim());
  const whole = parts.length > 1 && parts.every((part) => part.includes(',') && isPlaceLike(part, { comma: true }));
  return whole ? (parts as [string, ...string[]]) : [text];
}

/** Matches words between alternatives. They must be in lower case, because "OR" is the abbreviation of Oregon. */
const BETWEEN_ALTERNATIVES =
  /\s?[;,(—–]?\s?\b(?:or(?: possibly| perhaps| maybe| alternatively)?|[Aa]lternatively|otherwise|possibly also|[Rr]unner-up|second choice|if not)\b[,:]?\s+/u;

function readingOf(fields: Fields, more: Partial<Reading> = {}): Reading {
  return { fields, alternatives: [], before: '', ...more };
}

/** Matches a line that states the confidence in a bare place: "Confidence: 80%". */
const CONFIDENCE_LINE =
  /^\s*(?:(?:my )?(?:confidence|probability|certainty|likelihood)(?: (?:level|score))?\s*(?:[:=]|is)\s*(?<share>\S.*)|\(?(?<only>\d{1,3}\s?%)(?: (?:confiden|probab|certain|likel)\p{L}*)?\)?\.?)$/iu;
const REASON_LINE = /^\s*(?:reason(?:ing|s)?|explanation|clues|evidence|notes?|rationale|justification)\s*:/iu;

type BareLines = { readonly lines: readonly string[]; readonly beside: readonly string[]; readonly confidence: Fields };

/** Removes Markdown from the lines of a region. Lines that state a confidence or reasons are returned separately. */
function bareLines(region: string): BareLines {
  const lines = linesOf(region)
    .map((line) => withoutMarkdown(line).trim())
    .filter((line) => line !== '');
  const shares = lines.flatMap((line) => {
    const groups = CONFIDENCE_LINE.exec(line.slice(0, MAX_SENTENCE_CHARACTERS))?.groups;
    return groups === undefined ? [] : [groups['share'] ?? groups['only']!];
  });
  const isBeside = (line: string) =>
    CONFIDENCE_LINE.test(line.slice(0, MAX_SENTENCE_CHARACTERS)) || REASON_LINE.test(line);
  return {
    lines: lines.filter((line) => !isBeside(line)),
    beside: lines.filter((line) => REASON_LINE.test(line)),
    confidence: shares.length === 0 ? {} : { confidence: shares[0]! },
  };
}

/**
 * Reads a region that consists only of one place, on one or two lines. Returns null if it says that the place is
 * unknown, and undefined if it contains anything else.
 */
export function wholePlace(region: string): Reading | null | undefined {
  const { lines, beside, confidence } = bareLines(region);
  const text = lines.join('\n');
  if (text.length > MAX_BARE_PLACE_CHARACTERS || lines.length > MAX_BARE_LINES || holdsPlaceholder(region))
    return undefined;
  const { name, share } = withoutProbability(text);
  const joined = linesOf(name)
    .map((line) => line.replace(BULLET, '').trim().replace(/\.$/u, ''))
    .join(', ');
  const value = cleanValue(
    (lines.length === 1 ? name.replace(BULLET, '') : joined).replaceAll(/(?<=\p{L})\s?\|\s?(?=\p{L})/gu, ', '),
  );
  if (value === null) return null;
  if (value === undefined || !/\p{L}/u.test(value)) return undefined;
  return readingOf(
    { place: value, ...(share !== undefined && { confidence: share }), ...confidence },
    { before: beside.length === 0 ? region : beside.join('\n') },
  );
}

/** Matches a line of a ranked list: "1. Porto, Portugal (60%)", "Guess 2: Vigo, Spain", "B) Vigo, Spain - 20%". */
const RANKED_LINE =
  /^\s*(?:(?:guess|candidate|option|rank|top|no\.?|possibility|choice|prediction|answer|location|hypothesis|#)\s{0,2}#?)?(?<rank>\d{1,2}|[A-J])\s?[.):-]{1,2}\s+(?<place>\S.*)$/iu;
/** Matches a line of a list without numbers. Each line of such a list must end with a probability. */
const LISTED_LINE = /^\s*(?:[-*•·–]\s+)?(?<place>\S.*)$/u;

type Guess = { readonly fields: Fields; readonly at: number; readonly rank: number };

/**
 * Reads two or more lines, each with a place, that are numbered in order or end with probabilities. The answer is the
 * most probable place. If some places have no probability, the answer is the first place.
 */
export function rankedLines(region: string): Reading | undefined {
  const guesses = numberedGuesses(region) ?? probableGuesses(region);
  if (guesses === undefined) return undefined;
  const [fields, ...alternatives] = rankedGuesses(guesses.map(({ fields }) => ({ fields })));
  return readingOf(fields!, { alternatives, before: linesOf(region).slice(0, guesses[0]!.at).join('\n') });
}

function numberedGuesses(region: string): readonly Guess[] | undefined {
  const guesses: Guess[] = [];
  for (const [at, line] of linesOf(region).entries()) {
    if (line.length > MAX_LISTED_CHARACTERS) continue;
    const match = RANKED_LINE.exec(withoutMarkdown(line).trim());
    if (match === null) continue;
    const { rank, place } = match.groups!;
    const fields = guessOf(place!);
    if (fields === undefined) return undefined;
    const number = /\d/u.test(rank!) ? Number(rank) : rank!.toUpperCase().charCodeAt(0) - 64;
    guesses.push({ at, rank: number, fields });
  }
  return guesses.length < 2 || guesses.some(({ rank }, i) => rank !== i + 1) ? undefined : guesses;
}

function probableGuesses(region: string): readonly Guess[] | undefined {
  const guesses = linesOf(region).flatMap((line, at): Guess[] => {
    if (line.length > MAX_LISTED_CHARACTERS) return [];
    const place = LISTED_LINE.exec(withoutMarkdown(line).trim())?.groups!['place'];
    const fields = place === undefined ? undefined : guessOf(place);
    return fields?.confidence === undefined ? [] : [{ at, rank: 0, fields }];
  });
  return guesses.length < 2 ? undefined : guesses;
}

const MAX_LISTED_CHARACTERS = 200;

/** Reads a place with its probability, if any: "Vigo, Spain - 20%". */
function guessOf(text: string): Fields | undefined {
  const { name: place, share } = withoutProbability(text);
  const name = cleanValue(place.split(/\s[-–—:]\s|:\s|\s\((?!\p{Lu}{2}\))/u, 1)[0]!);
  if (name == null || !isPlaceLike(name, { comma: true })) return undefined;
  return { place: name, ...(share !== undefined && { confidence: share }) };
}

/** Matches words that introduce a place, in the languages of models' answers. */
const CUE = new RegExp(
  [
    String.raw`\b(?:taken|shot|captured|photographed|located|situated|set|is|was)(?: \w+ly)? (?:somewhere )?(?:in|at|near|from|around|on)(?: the)?(?: (?:city|town|village|streets?|outskirts|suburbs?|center|centre|heart|vicinity|area) (?:of|in))? `,
    String.raw`\b(?:this|it|photo|photograph|image|picture|scene|place|location|answer|guess|view|conclusion) (?:is|was|looks like|appears to be|seems to be|must be|would be|could be|resembles|shows|depicts|suggests)(?: (?:most likely|most probably|very likely|likely|probably|almost certainly|certainly|definitely|clearly|strongly))?(?: (?:in|at|near|from))?(?: the city of)? `,
    String.raw`\bi (?:(?:would |['’]d )?(?:say|guess|think|believe|suspect|conclude|go with|settle on|choose|pick))(?: that)?(?: (?:this|it) is)?(?: in)? `,
    String.raw`\b(?:points? to|consistent with|narrows? (?:it |this )?down to|indicates?|places? (?:it|this) in) `,
    String.raw`\b(?:fue tomada|fue tomado|tomada|se encuentra|está situad[ao]|ubicad[ao]|tirada|foi tirada|localizad[ao]|prise|a été prise|se trouve|situ[ée]e?|scattata|è stata scattata|si trova|aufgenommen wurde|genomen|zrobione|zostało zrobione|wykonan[eo]|se trata de) (?:en|em|no|na|à|a|au|in|w|we|dans) `,
    String.raw`\b(?:wurde|ist|zeigt)(?: (?:wahrscheinlich|vermutlich|höchstwahrscheinlich))?(?: (?:in|bei))? (?=\p{Lu}[^.]{0,60}\b(?:aufgenommen|gemacht)\b)`,
    String.raw`(?:сделан[ао]?|снят[ао]?|находится)(?: \p{L}+)? в(?:о)? `,
    String.raw`(?:拍摄于|拍攝於|拍摄在|拍的是|位于|位於|地点是|地點是|这里是|這裡是|应该是|應該是)(?=\p{Lo})`,
  ].join('|'),
  'giu',
);
/** Matches the end of a place inside a sentence: a punctuation mark, or a word such as "near" or "because". */
const END =
  /(?<=\p{L}{3,}|\))\.(?=\s|$)|[!?;。！？；]|,? (?:near|close to|because|given|based on|due to|with|which|where|as (?:the|it|there)|since|judging|considering|from the|by the|or|but|although|though|for|during|and (?:the|it|this)|at the|on the|in the|aufgenommen|gemacht|\(|[-–—] )|[、，]?(?:附近|拍摄|拍攝|的|。)|, (?=\p{Ll})|\s?\((?!\p{Lu}{2}\))/u;

const MAX_SENTENCE_CHARACTERS = 300;

/** Maximum number of matches of CUE to try, starting from the last. */
const MAX_CUES = 40;
const NEGATED = /\b(?:not|n['’]t|cannot|never|unlikely)\b[^.]{0,20}$/iu;
/**
 * Matches cues such as "photographed in", which state where the photo was taken. A single name in Latin script without
 * a comma counts as the place only after such a cue.
 */
const TAKEN = /^(?:taken|shot|captured|photographed|fue|foi|tomad|tirada|prise|a été|scattata)/iu;

/** Reads the last sentence that states the place: "It was taken in Rome, Italy, near the Colosseum." */
export function placeInProse(region: string): Reading | undefined {
  for (const cue of [...region.matchAll(CUE)].slice(-MAX_CUES).reverse()) {
    const start = cue.index + cue[0].length;
    if (NEGATED.test(region.slice(Math.max(0, cue.index - 24), start))) continue;
    const sentence = linesOf(withoutMarkdown(region.slice(start, start + MAX_SENTENCE_CHARACTERS)))[0]!.trim();
    const name = cleanValue(sentence.slice(0, END.exec(sentence)?.index));
    if (name == null || !isPlaceLike(name, { comma: false })) continue;
    if (/^\p{Lo}/u.test(name) || name.includes(',') || TAKEN.test(cue[0])) {
      return readingOf({ place: name }, { before: region });
    }
  }
  return undefined;
}

/** Reads a place such as "Porto, Portugal" that is alone on the last or first line of a longer text. */
export function placeOnLine(region: string): Reading | undefined {
  const { lines, confidence } = bareLines(region);
  for (const line of [lines.at(-1), lines[0]]) {
    if (line === undefined || !isPlaceLike(line, { comma: true })) continue;
    const place = cleanValue(line.replace(BULLET, ''));
    if (place == null) continue;
    return readingOf({ place, ...confidence }, { before: lines.filter((other) => other !== line).join('\n') });
  }
  return undefined;
}
