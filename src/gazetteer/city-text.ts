/** Splits the text of a city field into parts, alternatives and forms of each name. It looks up no names. */
import { fold } from './fold.ts';
import { formsOf, isUnspecified } from './words.ts';

export type CityText = {
  readonly written: string;
  readonly folded: string;
  /** Forms of the whole text (see `formsOf`), including its separators. The folded text comes first. */
  readonly forms: readonly string[];
  /** Parts between commas, then parts in parentheses. Uninformative parts are omitted. */
  readonly parts: readonly CityPart[];
};

export type CityPart = {
  readonly written: string;
  readonly folded: string;
  /** Alternative names in the part: "Kiev / Kyiv" has two. */
  readonly alternatives: readonly { readonly written: string; readonly forms: readonly string[] }[];
};

const PARENTHESES = /[([]([^)\]]*)[)\]]?/g;
const ALTERNATIVES = /\s*[/|]\s*|\s+(?:or|aka)\s+/i;

export function parseCityText(written: string): CityText {
  const folded = fold(written);
  let forms: readonly string[] | undefined;
  let parts: readonly CityPart[] | undefined;
  // Forms and parts are computed on demand, because most texts are a plain name that matches directly.
  return {
    written,
    folded,
    get forms() {
      forms ??= formsOf(folded);
      return forms;
    },
    get parts() {
      parts ??= partsOf(written);
      return parts;
    },
  };
}

function partsOf(written: string): CityPart[] {
  const inside = [...written.matchAll(PARENTHESES)].map((match) => match[1]!);
  const outside = written.replaceAll(PARENTHESES, ' ').split(/[,;]/);
  const parts = [...outside.flatMap(finestFirst), ...inside]
    .map((part) => withoutPostalCode(part.trim()))
    .filter((part) => !isUnspecified(part));
  return parts.map(parsePart);
}

/** Matches "10115 Berlin", "1012 AB Amsterdam", "1100-053 Lisboa", "00-950 Warszawa", "110 00 Praha", "〒604-8381 京都". */
const POSTAL_CODE_FIRST = /^(?:[A-Z]{1,2}-|〒\s?)?(?:\d{4}\s?[A-Z]{2}|\d{2,5}[ -]\d{2,4}|\d{4,6})\s+(?=\p{L})/u;
/** Matches "Austin TX 78701", "Sydney NSW 2000", "London NW1 6XE", "Toronto ON M5V 2T6". */
const POSTAL_CODE_LAST =
  /(?<=\p{L})(?:\s+[A-Z]{2,3})?\s+(?:\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$/u;
/** Matches the province after a town with its postal code ("80134 Napoli NA"), and the state in "São Paulo - SP". */
const PROVINCE = { behindTown: /(?<=\p{Ll})\s+[A-Z]{2}$/u, behindDash: /(?<=\p{Ll})\s+[-–]\s+[A-Z]{2}$/u } as const;

/** Removes the postal code of an address, and the province or state that belongs to it. */
function withoutPostalCode(part: string): string {
  const town = part.replace(POSTAL_CODE_FIRST, '');
  const named = town === part ? part.replace(POSTAL_CODE_LAST, '') : town.replace(PROVINCE.behindTown, '');
  return named.replace(PROVINCE.behindDash, '');
}

const EAST_ASIAN = /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}ー\s]+$/u;
/** Matches a region and a place in it, written without a space: 東京都渋谷区. */
const REGION_BEFORE = /^(.{2,}?(?:[都道府県縣省市州]|特别行政区|自治区))(.{2,})$/u;

/** Moves the smallest place to the front, because East Asian addresses start with the region: 서울 강남구. */
function finestFirst(text: string): string[] {
  const part = text.trim();
  if (!EAST_ASIAN.test(part)) return [text];
  const words = part.split(/\s+/).toReversed();
  if (words.length > 1) return words;
  const [, region, finer] = REGION_BEFORE.exec(part) ?? [];
  return region === undefined || finer === undefined ? [text] : [finer, region];
}

function parsePart(written: string): CityPart {
  return {
    written,
    folded: fold(written),
    alternatives: written.split(ALTERNATIVES).map((alternative) => {
      let forms: readonly string[] | undefined;
      return {
        written: alternative,
        get forms() {
          return (forms ??= formsOf(fold(alternative)));
        },
      };
    }),
  };
}
