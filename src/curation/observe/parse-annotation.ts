/**
 * Parses an annotator's answer: the JSON object that the prompt requests, JSON with repairable errors, or lines with
 * labels. An answer without a localizability judgement or without a reasoning text is malformed. The caller decides
 * whether to retry.
 */
import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import { cleanValue } from '../../core/answer-grammar/fields.ts';
import { completionParts } from '../../core/answer-grammar.ts';
import { defined } from '../../core/defined.ts';
import type { Place } from '../../core/place.ts';
import type { Claim } from '../../grounding/claim.ts';

export type ParsedAnnotation =
  | {
      readonly kind: 'annotation';
      readonly localizable: boolean;
      readonly reasoning: string;
      readonly place?: Place;
      /** Things that the annotator says it sees. Absent if the answer has no usable entry. */
      readonly evidence?: Claim[];
    }
  | { readonly kind: 'malformed'; readonly reason: string };

type Fields = Readonly<Record<string, string | null>>;
/** `evidence` is the field's unparsed value, because its entries are objects. */
type Answered = { readonly fields: Fields; readonly evidence?: unknown };

const FIELDS = ['reasoning', 'localizable', 'country', 'city'] as const;
/** Maximum length of a text to parse, ten times the length that the prompt's token limit allows. */
const MAX_TEXT_CHARACTERS = 20_000;

export function parseAnnotation(text: string): ParsedAnnotation {
  if (text.trim() === '') return { kind: 'malformed', reason: 'the completion is empty' };
  if (text.length > MAX_TEXT_CHARACTERS)
    return { kind: 'malformed', reason: `it has ${text.length} characters, more than ${MAX_TEXT_CHARACTERS}` };
  const { rest, answer } = completionParts(text);
  const region = answer ?? rest;
  const { fields, evidence: entries }: Answered = jsonFields(region) ?? { fields: labelledFields(region) };
  const localizable = /^\W*(yes|true|no|false)\b/iu.exec(fields['localizable'] ?? '')?.[1]?.toLowerCase();
  if (localizable === undefined) return { kind: 'malformed', reason: 'it has no judgement "localizable" (yes or no)' };
  const reasoning = (fields['reasoning'] ?? '').replaceAll(/\s+/gu, ' ').trim();
  if (reasoning === '') return { kind: 'malformed', reason: 'it has no reasoning' };
  const place = annotatedPlace(fields);
  const evidence = evidenceOf(entries);
  return {
    kind: 'annotation',
    localizable: localizable === 'yes' || localizable === 'true',
    reasoning,
    ...defined({ place }),
    ...(evidence.length > 0 && { evidence }),
  };
}

/** Where the prompt requests null, models also write "none" or "N/A". */
const unknownValue = /^(?:null|none|n\/?a|unknown|-|–)?$/iu;

const entrySchema = z.object({
  thing: z.string(),
  attribute: z.string().nullish(),
  text: z.string().nullish(),
  supports: z.string().nullish(),
});

/** Returns the entries that name a thing. All other entries are ignored. */
function evidenceOf(entries: unknown): Claim[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry): Claim[] => {
    const read = entrySchema.safeParse(entry);
    if (!read.success) return [];
    const value = (text: string | null | undefined): string | undefined => {
      const trimmed = (text ?? '').replaceAll(/\s+/gu, ' ').trim();
      return unknownValue.test(trimmed) ? undefined : trimmed;
    };
    const thing = value(read.data.thing)?.toLowerCase();
    if (thing === undefined) return [];
    const { attribute, text, supports } = read.data;
    return [{ thing, ...defined({ attribute: value(attribute), text: value(text), supports: value(supports) }) }];
  });
}

/**
 * Returns the annotator's place. Returns undefined if the country is missing, because a city alone cannot be checked.
 */
function annotatedPlace(fields: Fields): Place | undefined {
  const country = cleanValue(fields['country'] ?? '');
  const city = cleanValue(fields['city'] ?? '');
  return country == null ? undefined : { country, ...(city != null && { city }) };
}

function jsonFields(text: string): Answered | undefined {
  const start = text.indexOf('{');
  if (start === -1) return undefined;
  const end = text.lastIndexOf('}');
  const value = parseLoosely(text.slice(start, end > start ? end + 1 : undefined));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const raw = Object.entries(value).map(([key, entry]) => [key.toLowerCase().trim(), entry as unknown] as const);
  if (!raw.some(([key]) => key === 'localizable')) return undefined;
  const fields = Object.fromEntries(raw.map(([key, entry]) => [key, asText(entry)]));
  return { fields, evidence: raw.find(([key]) => key === 'evidence')?.[1] };
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((entry) => asText(entry) ?? '').join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(jsonrepair(text));
    } catch {
      return undefined;
    }
  }
}

/** Parses lines such as "localizable: yes". A value ends at the next label. */
function labelledFields(text: string): Fields {
  const label = new RegExp(String.raw`(?:^|\n)[ \t\r>*_#-]*(${FIELDS.join('|')})[*_]*\s*[:=][*_]*`, 'giu');
  const found = [...text.matchAll(label)];
  return Object.fromEntries(
    found.map((match, i) => [
      match[1]!.toLowerCase(),
      text.slice(match.index + match[0].length, found[i + 1]?.index).trim(),
    ]),
  );
}
