/** Splits the text of a city field into parts, alternatives and forms of each name. It looks up no names. */
import { fold } from './fold.ts';
import { formsOf, isUnspecified } from './words.ts';

export type CityText = {
  readonly written: string;
  readonly folded: string;
  /** Forms of the whole text including its separators. The folded text comes first. */
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
    .map((part) => part.trim())
    .filter((part) => !isUnspecified(part));
  return parts.map(parsePart);
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
