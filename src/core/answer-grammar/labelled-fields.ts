/** Answers with labels, on lines or in one line: "country: Finland, city: Helsinki", bullets, bold, tables, prose. */
import { cleanValue, FIELD_NAMES, type FieldName, type Fields, namesPlace } from './fields.ts';

const FIELD_OF_LABEL = new Map<string, FieldName>(
  Object.entries(FIELD_NAMES).flatMap(([field, names]) => names.map((name) => [name, field as FieldName] as const)),
);
/** Longest first, so that "final answer" is not read as "answer". */
const LABELS = [...FIELD_OF_LABEL.keys()].sort((a, b) => b.length - a.length).join('|');

/** Words that may precede a label: "the predicted city", "most likely country". */
const BEFORE_LABEL = String.raw`(?:(?:the|my|most|likely|predicted|estimated|probable|possible|final|best|specific|exact)\s+){0,4}`;
/** Labels that a colon marks clearly anywhere in a text: "it looks like country: Finland city: Helsinki". */
const PLAIN_LABELS = ['country', 'city'].join('|');
/** A label counts at the start of a line or item, after a delimiter, a wide space (bold marks are
 * spaces by then) or "and"; inside a sentence only PLAIN_LABELS with a colon count. */
const LABEL = new RegExp(
  String.raw`(?<=^|[\n,;:.({[|>]\s{0,3}|\band\s|[ \t]{3})[ \t]{0,8}(?:[-•–+]\s{0,8}|\d{1,2}[.)]\s{0,8})?["'“]?${BEFORE_LABEL}(${LABELS})(?:\s+name)?["'”]?\s*(?:[:=：|]|\bis\b(?:\s+likely)?|\s[-–—→]\s)|(?<=[\s/"'”])(${PLAIN_LABELS})["'”]?\s?[:：]`,
  'giu',
);

/** Replaces markdown around labels by spaces, so that offsets stay comparable. */
function withoutMarkdown(text: string): string {
  return text.replaceAll(/[*_`#]/gu, ' ').replaceAll(/<[^<>\n]{0,40}>/gu, ' ');
}

/** Characters read after a label: more than any value with its markup needs. */
const MAX_SEGMENT_CHARACTERS = 600;

/** A value ends with its line, or in prose ("the city is Helsinki. It …") with its sentence. */
function valueIn(segment: string): string {
  const line = segment.trimStart().slice(0, MAX_SEGMENT_CHARACTERS).split('\n', 1)[0]!;
  const sentence = line.split(/(?<=\p{L}{3,})\.\s+(?=\p{Lu})/u, 1)[0]!;
  // "… is Finland and the city is …": the conjunction belongs to the next label.
  return sentence.replace(/\s+and\s*$/iu, '');
}

/** Field names written as tags: `<country>Finland</country>`. */
const TAGGED = new RegExp(String.raw`<\s*(${LABELS})\s*>([^<]{0,200})<\s*/\s*\1\s*>`, 'giu');

/** Fields written as tags, the form of the datasets' own solutions; undefined without one that names a place. */
export function taggedFields(text: string): { fields: Fields; before: string } | undefined {
  const fields: Fields = {};
  let start: number | undefined;
  for (const { 1: tag, 2: raw, index } of text.matchAll(TAGGED)) {
    const field = FIELD_OF_LABEL.get(tag!.toLowerCase())!;
    const value = cleanValue(raw!);
    // A repeated tag starts a new group, as a repeated label does.
    if (fields[field] !== undefined) for (const name of Object.keys(fields)) delete fields[name as FieldName];
    if (value !== undefined) fields[field] = value;
    start ??= index;
  }
  return namesPlace(fields) ? { fields, before: text.slice(0, start) } : undefined;
}

const TABLE = /^(?<head>[^\n|]*\|[^\n]*)\n[ \t|:]*-[ \t|:-]*\n(?<row>[^\n|]*\|[^\n]*)/mu;

/** The outer bars may be missing. */
const cellsOf = (line: string): string[] => line.trim().replace(/^\|/u, '').split('|');

/** Fields of a Markdown table with the labels as its head (`| Country | City |`), taken from its first row. */
export function tableFields(text: string): { fields: Fields; before: string } | undefined {
  const table = TABLE.exec(text);
  if (table === null) return undefined;
  const [head, row] = [table.groups!['head']!, table.groups!['row']!].map(cellsOf);
  const fields: Fields = {};
  for (const [i, label] of head!.entries()) {
    const field = FIELD_OF_LABEL.get(withoutMarkdown(label).trim().toLowerCase());
    const value = cleanValue(row![i] ?? '');
    if (field !== undefined && value !== undefined) fields[field] ??= value;
  }
  return namesPlace(fields) ? { fields, before: text.slice(0, table.index) } : undefined;
}

/**
 * The fields of the last group of labels that names a place, with the text before it (a repeated label starts a new
 * group); undefined without one.
 */
export function labelledFields(text: string): { fields: Fields; before: string } | undefined {
  const plain = withoutMarkdown(text);
  const labels = [...plain.matchAll(LABEL)];
  const groups: { fields: Fields; start: number }[] = [];
  for (const [i, label] of labels.entries()) {
    const field = FIELD_OF_LABEL.get((label[1] ?? label[2])!.toLowerCase())!;
    const end = labels[i + 1]?.index ?? plain.length;
    const value = cleanValue(valueIn(plain.slice(label.index + label[0].length, end)));
    if (value === undefined) continue;
    const current = groups.at(-1);
    if (current === undefined || current.fields[field] !== undefined) {
      groups.push({ fields: { [field]: value }, start: label.index });
    } else {
      current.fields[field] = value;
    }
  }
  const chosen = groups.findLast(({ fields }) => namesPlace(fields));
  return chosen === undefined ? undefined : { fields: chosen.fields, before: text.slice(0, chosen.start) };
}
