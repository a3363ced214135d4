/** Answers written as JSON: fenced or bare, nested, often damaged (unquoted values, comments, cut off). */
import { jsonrepair } from 'jsonrepair';
import { cleanValue, FIELD_NAMES, type FieldName, type Fields, namesPlace } from './fields.ts';

/** Longest object that is parsed: answers are short, and repairing JSON costs time. */
const MAX_OBJECT_CHARACTERS = 4000;

const FIELD_OF_KEY = new Map<string, FieldName>(
  Object.entries(FIELD_NAMES).flatMap(([field, names]) => names.map((name) => [name, field as FieldName] as const)),
);

const OPENS = /\{|\[(?=\s{0,9}\{)/gu;

/** Outermost {…} and [{…}] spans, in order; an unclosed one runs to the end. One pass. */
function objectSpans(text: string): string[] {
  const spans: string[] = [];
  const opens = new Set([...text.matchAll(OPENS)].map((match) => match.index));
  let depth = 0;
  let start = 0;
  for (let i = 0; opens.size > 0 && i < text.length; i++) {
    const character = text[i];
    if ((depth === 0 ? opens.has(i) : character === '{' || character === '[') && depth++ === 0) start = i;
    if ((character === '}' || character === ']') && depth > 0 && --depth === 0) spans.push(text.slice(start, i + 1));
  }
  if (depth > 0) spans.push(text.slice(start));
  return spans.filter((span) => span.length <= MAX_OBJECT_CHARACTERS && span.includes(':'));
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    try {
      return JSON.parse(jsonrepair(text)) as unknown;
    } catch {
      return undefined;
    }
  }
}

/** Collects known keys, outer before inner; takes the first entry of a list, because guesses are ranked. */
function collect(value: unknown, into: Fields): void {
  if (Array.isArray(value)) return collect(value[0], into);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    const field = FIELD_OF_KEY.get(
      key
        .toLowerCase()
        .replaceAll(/[_-]+/gu, ' ')
        .replace(/ name$/u, '')
        .trim(),
    );
    if (field === 'position' && Array.isArray(entry) && entry.length === 2) {
      into.position ??= `${String(entry[0])}, ${String(entry[1])}`;
      continue;
    }
    const first: unknown = Array.isArray(entry) ? entry[0] : entry;
    if (field !== undefined && (typeof first === 'string' || typeof first === 'number' || first === null)) {
      const cleaned = first === null ? null : cleanValue(String(first));
      if (cleaned !== undefined && into[field] === undefined) into[field] = cleaned;
    } else {
      collect(first, into);
    }
  }
}

/** The fields of the last JSON object that names a place, with the text before it; undefined without one. */
export function jsonFields(text: string): { fields: Fields; before: string } | undefined {
  for (const span of objectSpans(text).toReversed()) {
    const fields: Fields = {};
    collect(parseLoosely(span), fields);
    if (namesPlace(fields)) return { fields, before: text.slice(0, text.lastIndexOf(span)) };
  }
  return undefined;
}
