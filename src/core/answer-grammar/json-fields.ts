/**
 * Reads answers in JSON. The JSON may be fenced, bare, nested, a ranked list or GeoJSON. It is often damaged: values
 * without quotes, or a missing end.
 */
import { jsonrepair } from 'jsonrepair';
import {
  cleanValue,
  FIELD_OF_NAME,
  type Fields,
  type Guess,
  positionText,
  namesPlace,
  rankedGuesses,
  type Reading,
} from './fields.ts';
import { ALTERNATIVE_NAMES, BEST_NAMES, EXCLUDED_NAMES, type FieldName, REASON_NAMES } from './labels.ts';

/** Maximum length of an object to parse. Answers are short, and repairing JSON takes time. */
const MAX_OBJECT_CHARACTERS = 4000;
/** Maximum number of characters to parse in one text, because repairing many objects takes long. */
const MAX_PARSED_CHARACTERS = 12_000;
/** Maximum nesting depth of JSON texts inside JSON strings. */
const MAX_STRING_DEPTH = 3;

const OPENS = /\{|\[(?=\s{0,9}\{)/gu;

type Span = { readonly start: number; readonly text: string };

/**
 * Finds the outermost {…} and [{…}] spans in one pass, in order. A span without an end extends to the end of the text.
 */
function objectSpans(text: string): Span[] {
  const spans: Span[] = [];
  const opens = new Set([...text.matchAll(OPENS)].map((match) => match.index));
  let depth = 0;
  let start = 0;
  for (let i = 0; opens.size > 0 && i < text.length; i++) {
    const character = text[i];
    if ((depth === 0 ? opens.has(i) : character === '{' || character === '[') && depth++ === 0) start = i;
    if ((character === '}' || character === ']') && depth > 0 && --depth === 0) {
      spans.push({ start, text: text.slice(start, i + 1) });
    }
  }
  if (depth > 0) spans.push({ start, text: text.slice(start) });
  return spans.filter((span) => span.text.length <= MAX_OBJECT_CHARACTERS && span.text.includes(':'));
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

const [ALTERNATIVES, EXCLUDED, REASONS, BEST] = [ALTERNATIVE_NAMES, EXCLUDED_NAMES, REASON_NAMES, BEST_NAMES].map(
  (names) => new Set(names),
) as [Set<string>, Set<string>, Set<string>, Set<string>];

/** Returns the simplest form of a key: "cityName", "city_name" and "CITY-NAME" become "city". */
function keyName(key: string): string {
  return key
    .slice(0, 60)
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .replaceAll(/[_\s-]+/gu, ' ')
    .replace(
      /^(?:predicted|estimated|likely|pred|most likely|guessed|nearest|closest|approximate|approx) (?=\p{L})/u,
      '',
    )
    .replace(/ names?$/u, '')
    .trim();
}

function fieldOfKey(key: string): FieldName | undefined {
  const name = keyName(key);
  const direct = FIELD_OF_NAME.get(name) ?? FIELD_OF_NAME.get(name.replace(/ (?:degrees|deg|decimal)$/u, ''));
  if (direct !== undefined || !name.includes('.')) return direct;
  const parts = name.split('.');
  return FIELD_OF_NAME.get(parts.at(-1)!) ?? (parts.at(-1) === 'name' ? FIELD_OF_NAME.get(parts.at(-2)!) : undefined);
}

type Collected = { fields: Fields; guesses: Fields[]; reasons: string[] };
type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Collects fields, alternatives and reasons from a JSON value. Fields of outer objects take precedence over those of
 * inner ones.
 */
function collect(value: unknown, depth = 0): Collected {
  if (Array.isArray(value)) return collectList(value as unknown[], depth);
  const collected: Collected = { fields: {}, guesses: [], reasons: [] };
  if (typeof value === 'string') {
    const text = value.trim();
    return depth < MAX_STRING_DEPTH && /^(?:\{.*:|\[\s*\{)/su.test(text)
      ? collect(parseLoosely(text), depth + 1)
      : collected;
  }
  if (!isObject(value)) return collected;
  if (value['type'] === 'Point' && Array.isArray(value['coordinates'])) {
    // GeoJSON writes the longitude first.
    return { ...collected, fields: { position: pairOf(value['coordinates'].toReversed().slice(-2)) } };
  }
  const entries = Object.entries(value).toSorted(
    ([a], [b]) => Number(BEST.has(keyName(b))) - Number(BEST.has(keyName(a))),
  );
  for (const [key, entry] of entries) collectEntry(collected, { key, entry, depth });
  return collected;
}

function collectEntry(into: Collected, { key, entry, depth }: { key: string; entry: unknown; depth: number }): void {
  const name = keyName(key);
  const singular = name.replace(/ ?\d{1,2}$/u, '');
  if (EXCLUDED.has(name)) return;
  if (ALTERNATIVES.has(name) || ALTERNATIVES.has(singular)) {
    into.guesses.push(...guessesIn(entry));
    return;
  }
  if (REASONS.has(name)) {
    const reason = reasonText(entry);
    if (reason !== '') into.reasons.push(reason);
    if (!isObject(entry) || !namesPlace(collect(entry, depth).fields)) return;
  }
  const field = fieldOfKey(key);
  if (field !== undefined && setField(into.fields, field, { name, entry })) return;
  if (isObject(entry) && field !== undefined && typeof entry['name'] === 'string') {
    into.fields[field] ??= cleanValue(entry['name']) ?? null;
  }
  const inner = collect(entry, depth);
  into.reasons.push(...inner.reasons);
  // A second object with the same fields is another guess: {"guess_1": {…}, "guess_2": {…}}.
  const placed = (Object.keys(inner.fields) as FieldName[]).filter((key) => key !== 'confidence');
  if (placed.some((key) => into.fields[key] != null) && isObject(entry)) {
    if (placed.every((key) => into.fields[key] != null || key === 'region')) into.guesses.push(inner.fields);
    else for (const key of placed) into.fields[key] ??= inner.fields[key]!;
  } else {
    for (const key of Object.keys(inner.fields) as FieldName[]) into.fields[key] ??= inner.fields[key]!;
  }
  into.guesses.push(...inner.guesses);
}

/**
 * Sets a field from a plain value or a list of plain values. Returns false for an object or a text with JSON inside,
 * because such a value has fields of its own.
 */
function setField(fields: Fields, field: FieldName, { name, entry }: { name: string; entry: unknown }): boolean {
  const list: readonly unknown[] | undefined = Array.isArray(entry) ? (entry as unknown[]) : undefined;
  if (
    field === 'position' &&
    list !== undefined &&
    list.length >= 2 &&
    list.every((item) => !isObject(item) && !Array.isArray(item))
  ) {
    const pair = list.slice(0, 2);
    fields.position ??= pairOf(/^l(?:on|ng)/u.test(name) ? pair.toReversed() : pair);
    return true;
  }
  const first: unknown = list === undefined ? entry : list[0];
  if (typeof first === 'string' && /^\s*[{[]/u.test(first) && first.includes(':')) return false;
  if (typeof first !== 'string' && typeof first !== 'number' && first !== null) return false;
  const cleaned = first === null ? null : cleanValue(String(first));
  if (cleaned !== undefined && fields[field] === undefined) {
    fields[field] = field === 'position' ? positionText(name, cleaned) : cleaned;
  }
  return true;
}

const pairOf = (pair: readonly unknown[]): string => `${String(pair[0])}, ${String(pair[1])}`;

/**
 * Reads a list. With two or more guesses, the best guess is the answer. Otherwise, the first entry with a place counts.
 */
function collectList(list: readonly unknown[], depth: number): Collected {
  const guesses = list.slice(0, MAX_GUESSES).map((entry) => ({ entry, collected: collect(entry, depth) }));
  const named = guesses.filter(({ collected }) => namesPlace(collected.fields));
  if (named.length < 2) return named[0]?.collected ?? guesses[0]?.collected ?? { fields: {}, guesses: [], reasons: [] };
  const ranked = rankedGuesses(
    named.map(({ entry, collected }): Guess => {
      const rank = isObject(entry) ? Number(entry['rank'] ?? entry['position_rank'] ?? Number.NaN) : Number.NaN;
      return { fields: collected.fields, ...(Number.isFinite(rank) && { rank }) };
    }),
  );
  const best = named.find(({ collected }) => collected.fields === ranked[0])!.collected;
  return { fields: best.fields, guesses: [...ranked.slice(1), ...best.guesses], reasons: best.reasons };
}

const MAX_GUESSES = 20;

function guessesIn(value: unknown): Fields[] {
  const list = Array.isArray(value) ? (value as unknown[]).slice(0, MAX_GUESSES) : [value];
  return list.flatMap((entry) => {
    if (typeof entry === 'string') {
      const place = cleanValue(entry);
      return place == null ? [] : [{ place }];
    }
    const { fields, guesses } = collect(entry);
    return [...(namesPlace(fields) ? [fields] : []), ...guesses];
  });
}

function reasonText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  const inner = Array.isArray(value) ? (value as unknown[]) : isObject(value) ? Object.values(value) : [];
  return inner
    .map(reasonText)
    .filter((part) => part !== '')
    .join('\n');
}

/**
 * Matches separators between JSON objects on separate lines. Such objects form one ranked list if each has a rank or
 * probability.
 */
const JSON_LINES = /^[\s,;]*$/u;

/**
 * Reads the last JSON object that names a place: its fields, alternatives and reasons, and the text before it.
 * Undefined if no object names a place.
 */
export function jsonFields(text: string): Reading | undefined {
  let budget = MAX_PARSED_CHARACTERS;
  const spans = objectSpans(text);
  for (let i = spans.length - 1; i >= 0 && budget > 0; i--) {
    const span = spans[i]!;
    budget -= span.text.length;
    const value = parseLoosely(span.text);
    const list = [value];
    let first = span;
    while (
      i > 0 &&
      isRankedEntry(value) &&
      JSON_LINES.test(text.slice(spans[i - 1]!.start + spans[i - 1]!.text.length, first.start))
    ) {
      first = spans[--i]!;
      budget -= first.text.length;
      list.unshift(parseLoosely(first.text));
    }
    const { fields, guesses, reasons } = collect(list.length > 1 ? list : value);
    if (!namesPlace(fields)) continue;
    return {
      fields,
      alternatives: guesses,
      before: text.slice(0, first.start),
      ...(reasons.length > 0 && { reasons: reasons.join('\n') }),
    };
  }
  return undefined;
}

const isRankedEntry = (value: unknown): boolean =>
  isObject(value) && Object.keys(value).some((key) => keyName(key) === 'rank' || fieldOfKey(key) === 'confidence');
