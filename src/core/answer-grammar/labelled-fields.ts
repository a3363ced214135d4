/**
 * Reads answers with labels, on several lines or on one: "country: Finland, city: Helsinki", bullets, bold labels,
 * prose, several guesses.
 */
import { linesOf } from '../lines.ts';
import {
  cleanValue,
  FIELD_OF_NAME,
  type Fields,
  type Guess,
  namesPlace,
  rankedGuesses,
  positionText,
  type Reading,
  withoutMarkdown,
  withoutProbability,
} from './fields.ts';
import { ALTERNATIVE_NAMES, EXCLUDED_NAMES, type FieldName } from './labels.ts';
import { isPlaceLike } from './place-like.ts';

const alternation = (names: Iterable<string>): string =>
  // The longest names come first, so that "final answer" is not read as "answer".
  [...names]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => RegExp.escape(name))
    .join('|');

const LABELS = alternation(FIELD_OF_NAME.keys());
/** Labels after which "is" or a dash may replace the colon: "the city is Helsinki". */
const PROSE_LABELS = alternation(
  [...FIELD_OF_NAME.keys()].filter(
    (name) => /^[a-z][a-z ,/-]+$/u.test(name) && !/^(?:local|geo|first|primary|score)$/u.test(name),
  ),
);
const ROLES = new Map<string, 'alternative' | 'excluded'>([
  ...ALTERNATIVE_NAMES.map((name) => [name, 'alternative'] as const),
  ...EXCLUDED_NAMES.map((name) => [name, 'excluded'] as const),
]);
const ROLE_LABELS = alternation(ROLES.keys());
/** Matches the heading of a numbered guess: "Candidate B", "Guess 2". */
const NUMBERED = String.raw`(?:candidate|option|guess|hypothesis|possibility|choice|prediction|rank|answer|location|scenario|top)\s?#?(?:[A-J]|\d{1,2})(?![\p{L}\p{N}])`;

/** Matches words before a label: "the predicted city", "most likely country". */
const BEFORE_LABEL = String.raw`(?:(?:the|my|most|likely|predicted|estimated|probable|possible|final|best|specific|exact|approximate|suggested)\s+){0,4}`;
/** Labels that count anywhere if a colon follows: "it looks like country: Finland city: Helsinki". */
const PLAIN_LABELS = ['country', 'city'].join('|');
const START = String.raw`(?<=^|[\n,;:.({[|>，、；。،؛]\s{0,3}|\band\s|[ \t]{3})[ \t]{0,8}(?:[-•–+]\s{0,8}|(?<number>\d{1,2})[.)]\s{0,8})?["'“「]?`;
/**
 * Matches a label. It counts at the start of a line or item, and after a delimiter, "and" or wide space (bold marks
 * were replaced by spaces). In other positions, only PLAIN_LABELS with a colon count.
 */
const LABEL = new RegExp(
  [
    String.raw`${START}(?:${BEFORE_LABEL}(?:(?<label>${LABELS})(?:\s+name)?["'”」]?\s*[:=：|]|(?<prose>${PROSE_LABELS})(?:\s+name)?["'”]?\s*(?:\bis\b(?:\s+likely)?|\s[-–—→]\s))`,
    String.raw`|(?<role>${ROLE_LABELS})(?:\s?(?:#?\d|\([^()\n]{0,30}\)))?["'”]?\s*[:：]|(?<guess>${NUMBERED})\s?(?:\([^()\n]{0,30}\)\s?)?(?:[:：.)]|[-–—](?=\s)|(?=\n)))`,
    String.raw`|(?<=[\s/"'”])(?<plain>${PLAIN_LABELS})["'”]?\s?[:：]`,
  ].join(''),
  'giu',
);

/** Maximum number of characters to read after a label. A value with its markup is shorter. */
const MAX_SEGMENT_CHARACTERS = 600;

/**
 * Returns the value at the start of a segment. The value extends to the end of its line. In prose ("the city is
 * Helsinki. It …"), it extends to the end of its sentence.
 */
function valueIn(segment: string): string {
  const line = linesOf(segment.trimStart().slice(0, MAX_SEGMENT_CHARACTERS))[0]!;
  const sentence = line.split(/(?<=\p{L}{3,})\.\s+(?=\p{Lu})|[。।]|\s\|/u, 1)[0]!;
  // In "… is Finland and the city is …", the "and" belongs to the next label.
  return sentence
    .replace(/\s+and\s*$/iu, '')
    .replace(/[\s,，、;.|]+\d{1,2}[.)]?\s*$/u, (tail) => (tail.includes('|') ? '' : tail));
}

type Group = {
  fields: Fields;
  readonly start: number;
  readonly role?: 'alternative' | 'excluded';
  readonly rank?: number;
};

/** Matches a probability such as "60%". It becomes the confidence of a group of labels that has no confidence label. */
const PROBABILITY = /(?<![\d.,])(\d{1,3}(?:[.,]\d{1,3})?)\s?[%％]/u;

/**
 * Reads the last group of labels that names a place: its fields, the text before it and the alternatives. Undefined if
 * no group names a place. A repeated label starts a new group. In a numbered list, the most probable guess counts, or
 * the first guess if some have no probability.
 */
export function labelledFields(text: string): Reading | undefined {
  const plain = withHeadings(withoutMarkdown(text));
  const groups = groupsOf(plain);
  const named = groups.filter(({ fields, role }) => namesPlace(fields) && role !== 'excluded');
  const main = named.filter(({ role }) => role === undefined);
  const candidates = main.length > 0 ? main : named;
  if (candidates.length === 0) return undefined;
  const ranks = candidates.map(({ rank }) => rank);
  const isRanked = candidates.length > 1 && ranks.every((rank, i) => rank === ranks[0]! + i);
  const guesses: Guess[] = candidates.map(({ fields }) => ({ fields }));
  const best = isRanked ? rankedGuesses(guesses)[0]! : candidates.at(-1)!.fields;
  const others = isRanked ? candidates.filter(({ fields }) => fields !== best) : [];
  return {
    fields: best,
    alternatives: [...others, ...named.filter((group) => main.length > 0 && group.role === 'alternative')].map(
      ({ fields }) => fields,
    ),
    before:
      plain.length === text.length ? text.slice(0, candidates[0]!.start) : plain.slice(0, candidates[0]!.start).trim(),
  };
}

/** Fields that contain a name. A probability may follow the name: "Location: Oslo, Norway - 80%". */
const NAMES: ReadonlySet<FieldName> = new Set(['place', 'country', 'region', 'city']);

function groupsOf(plain: string): Group[] {
  const labels = [...plain.matchAll(LABEL)];
  const groups: Group[] = [];
  for (const [i, { index, 0: whole, groups: parts }] of labels.entries()) {
    const { label, prose, plain: bare, role, guess, number } = parts!;
    const segment = plain.slice(index + whole.length, labels[i + 1]?.index ?? plain.length);
    const written = valueIn(segment).trim();
    const field = FIELD_OF_NAME.get((label ?? prose ?? bare ?? '').toLowerCase());
    const isName = field === undefined || NAMES.has(field);
    const { name, share: behind } = isName ? withoutProbability(written) : { name: written };
    const value = cleanValue(name);
    let current = groups.at(-1);
    if (role !== undefined || guess !== undefined) {
      current = {
        fields: {},
        start: index,
        ...(role !== undefined && { role: ROLES.get(role.toLowerCase().replaceAll(/\s+/gu, ' '))! }),
        ...(guess !== undefined && { rank: rankOf(guess) }),
      };
      groups.push(current);
      if (value != null && isPlaceLike(value, { comma: false })) current.fields.place = value;
    } else {
      if (value === undefined || field === undefined) continue;
      const leavesRole = field === 'place' && current?.role !== undefined;
      if (current === undefined || current.fields[field] !== undefined || leavesRole) {
        current = { fields: {}, start: index, ...(number !== undefined && { rank: Number(number) }) };
        groups.push(current);
      }
      current.fields[field] =
        field === 'position' ? positionText((label ?? prose ?? bare)!.toLowerCase(), value) : value;
    }
    const share = PROBABILITY.exec(segment.slice(0, MAX_SEGMENT_CHARACTERS));
    const stated = share === null ? behind : `${share[1]!}%`;
    if (stated !== undefined) current.fields.confidence ??= stated;
  }
  return groups;
}

function rankOf(guess: string): number {
  const name = /(?:[A-J]|\d{1,2})$/iu.exec(guess)![0];
  return /\d/u.test(name) ? Number(name) : name.toUpperCase().charCodeAt(0) - 64;
}

/** Joins a line that is only a label ("Final Answer") with the place on the next line ("Porto, Portugal"). */
function withHeadings(text: string): string {
  const lines = linesOf(text);
  const headings = lines.map(
    (line) =>
      line.length < 40 &&
      FIELD_OF_NAME.has(
        line
          .replace(/[:：]\s*$/u, '')
          .trim()
          .toLowerCase(),
      ),
  );
  if (!headings.includes(true)) return text;
  const joined: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const next = headings[i] ? lines.slice(i + 1, i + 4).findIndex((line) => line.trim() !== '') : -1;
    const value = next === -1 ? '' : lines[i + 1 + next]!;
    if (next === -1 || !isPlaceLike(value.trim(), { comma: false })) {
      joined.push(lines[i]!);
      continue;
    }
    joined.push(`${lines[i]!.replace(/[:：]?\s*$/u, '')}: ${value.trim()}`);
    i += 1 + next;
  }
  return joined.join('\n');
}

/** Matches a field written as a tag: `<country>Finland</country>`. */
const TAGGED = new RegExp(String.raw`<\s*(${LABELS})\s*>([^<]{0,200})<\s*/\s*\1\s*>`, 'giu');

/** Reads fields written as tags, as in the solutions of the datasets. Undefined if the fields name no place. */
export function taggedFields(text: string): Reading | undefined {
  const fields: Fields = {};
  let start: number | undefined;
  for (const { 1: tag, 2: raw, index } of text.matchAll(TAGGED)) {
    const field = FIELD_OF_NAME.get(tag!.toLowerCase())!;
    const value = cleanValue(raw!);
    // A repeated tag starts a new group, like a repeated label.
    if (fields[field] !== undefined) for (const name of Object.keys(fields)) delete fields[name as FieldName];
    if (value !== undefined) fields[field] = value;
    start ??= index;
  }
  return namesPlace(fields) ? { fields, alternatives: [], before: text.slice(0, start) } : undefined;
}
