/** Finds single angles in a text: "48.8584° N", "S12.04", 48°51′30″N, "48d51m24s N", "48 51 24 N", "lat: 48,8566". */
import { LATITUDE_NAMES, LONGITUDE_NAMES } from '../axis-names.ts';

export type Axis = 'latitude' | 'longitude';

export type Angle = {
  /** Index of the first character of the angle and its label. `end` is the index after the last character. */
  readonly start: number;
  readonly end: number;
  readonly degrees: number;
  /** Number of digits after the decimal point or comma. */
  readonly decimals: number;
  readonly decimalComma: boolean;
  readonly hasDegreeMark: boolean;
  /** Present if the angle has a label or a hemisphere. */
  readonly axis?: Axis;
  readonly labelled: boolean;
};

const NUMBER = String.raw`\d{1,3}(?:\.\d+|,\d+(?!\d|\.\d))?(?![\d])`;
const SMALL = String.raw`\d{1,2}(?:[.,]\d+)?`;
const DEGREE = String.raw`\s?(?:°|˚|º|∘|度|(?:deg(?:rees?)?|grados?|graus?|gradi|degr[ée]s?|Grad|grad|градус\p{L}{0,3})(?!\p{L})\.?)`;
const MINUTE = String.raw`(?:['′’‘´ʹ]|m(?:in(?:utes?)?)?(?!\p{L})|分)`;
const SECOND = String.raw`(?:["″”“]|''|′′|’’|´´|s(?:ec(?:onds?)?)?(?!\p{L})|秒)`;

/** Matches degrees with minutes and optional seconds: 48°51′30″, 48d51m24s, 48°51.396′. */
const SEXAGESIMAL = new RegExp(
  String.raw`(\d{1,3})(?:${DEGREE}|d)\s?(${SMALL})\s?${MINUTE}(?:\s?(${SMALL})\s?${SECOND})?`,
  'uy',
);
/**
 * Matches 48:51:24 and 48 51 24. They count only with a hemisphere, because without one they could be a time or a list.
 */
const SEXAGESIMAL_WITHOUT_MARKS = /(\d{1,3})[: ](\d{1,2}(?:\.\d+)?)(?:[: ](\d{1,2}(?:\.\d+)?))?(?![\d.:])/uy;
const DECIMAL = new RegExp(String.raw`(${NUMBER})(${DEGREE})?`, 'uy');
/** Matches a unit, a currency, a percent sign or a temperature. A number before such a text is not an angle. */
const UNIT =
  /\s?(?:[%‰$€£¥₹]|°\s?[CF](?!\p{L})|(?:km|cm|mm|m|mi|ft|kg|px|mph|kmh|am|pm|uhr|euros?|eur|usd|dollars?|percent|stars?|years?|mp|gb|hours?|minutes?|seconds?|met(?:er|re)s?|miles?|x)(?!\p{L}))/iuy;

/** Letters and words for each hemisphere, separated by `|`. */
const HEMISPHERES: readonly (readonly [words: string, axis: Axis, sign: 1 | -1])[] = [
  ['n|north|norte|nord|nördlich|с|с.ш.|с. ш.|北纬|北緯', 'latitude', 1],
  ['s|south|sur|sul|sud|süd|südlich|ю|ю.ш.|ю. ш.|南纬|南緯', 'latitude', -1],
  ['e|east|est|este|leste|ost|östlich|ö|в|в.д.|в. д.|东经|東經|東経', 'longitude', 1],
  ['w|west|oeste|ouest|ovest|westlich|з|з.д.|з. д.|西经|西經|西経', 'longitude', -1],
];
type Hemisphere = { readonly axis: Axis; readonly sign: 1 | -1 };
const HEMISPHERE_OF = new Map<string, Hemisphere>(
  HEMISPHERES.flatMap(([words, axis, sign]) => words.split('|').map((word) => [word, { axis, sign }] as const)),
);
const HEMISPHERE_WORDS = String.raw`[nN]or(?:th|te|d)|[sS](?:outh|ur|ul|[uü]d)|[eE](?:ast|ste?)|[lL]este|[oO](?:st|este|uest|vest)|[wW]est|(?:nörd|süd|öst|west)lich`;
const LEADING = new RegExp(
  String.raw`(?:(?<![\p{L}\p{N}'’])(?:[NSEW]|[nN]orth|[sS]outh|[eE]ast|[wW]est)|[北南][纬緯]|[东東西][经經経])\s?$`,
  'u',
);
/** Matches a hemisphere after a number. A lower-case letter must touch the number, because "e" and "o" are words. */
const TRAILING = new RegExp(
  String.raw`(?:\s?(?:[сювз]\.\s?[шд]\.|(?:${HEMISPHERE_WORDS}|[NSEWOÖСЮВЗ])(?!\p{L}))|[nsew](?!\p{L}))`,
  'uy',
);

const AXIS_OF = new Map<string, Axis>([
  ...LATITUDE_NAMES.map((name) => [name, 'latitude'] as const),
  ...LONGITUDE_NAMES.map((name) => [name, 'longitude'] as const),
]);
/**
 * Matches the one or two words before a number, and the text that may separate these words from the number: `"lat": "`,
 * "latitude is about ".
 */
const WORDS_BEFORE =
  /(?<words>[\p{L}\p{M}]{1,20}(?: [\p{L}\p{M}]{1,20})?)\.?(?: \([^()]{0,20}\))?["'”]?\s?(?:[:=|≈~\s]|(?<=\s)(?:is|of|es|est|ist)\s){0,4}["'“(]?(?:about |approximately |around |approx\. |~|≈)?$/u;

/**
 * Matches the start of a double label. The label in "lat/lon: 60.17, 24.94" gives the order of both numbers, not the
 * axis of the first.
 */
const COMPOUND = /(?:lat(?:itude)?|lon(?:g(?:itude)?)?|lng)["']?\s?[,/_&|-]\s?["']?$/iu;

/** Maximum length of the text before a number that is searched for a label or a sign. */
const MAX_CHARACTERS_BEFORE = 64;

/** Matches the sign of the number that follows. The "-" in "10-20" joins two numbers and does not match. */
const SIGN = /(?:^|[^\p{L}\p{N}°'′"″.])[-−–+]$/u;
/**
 * Matches a letter, a currency, the "f" of an f-number, or another number. A number directly after such a text is not
 * an angle.
 */
const GLUED = /(?:[\p{Script=Latin}$€£¥₹#]|[$€£¥₹]\s|\d[.,:]?|[fƒ]\s?\/\s?)$/u;

/**
 * Returns every angle in a text. The caller must first replace each run of white space by one character. Takes linear
 * time, because it reads only a limited context of each number.
 */
export function anglesIn(text: string): Angle[] {
  const angles: Angle[] = [];
  const o = meaningOfO(text);
  const hemisphereOf: ReadHemisphere = (word) => {
    const name = word.trim().toLowerCase();
    return name === 'o' ? o : HEMISPHERE_OF.get(name);
  };
  const digits = /\d+/gu;
  for (let next = digits.exec(text); next !== null; next = digits.exec(text)) {
    const angle = angleAt(text, next.index, { previous: angles.at(-1), hemisphereOf });
    if (angle === undefined) continue;
    angles.push(angle);
    digits.lastIndex = angle.end;
  }
  return angles;
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

type ReadHemisphere = (word: string) => Hemisphere | undefined;

function angleAt(
  text: string,
  index: number,
  { previous, hemisphereOf }: { readonly previous: Angle | undefined; readonly hemisphereOf: ReadHemisphere },
): Angle | undefined {
  let before = text.slice(Math.max(previous?.end ?? 0, index - MAX_CHARACTERS_BEFORE), index);
  const last = before.at(-1) ?? '';
  // ISO 6709 writes the two numbers without a separator: "+48.8577+002.295".
  const joined = previous !== undefined && previous.end === index - 1 && previous.decimals >= 2 && /[-+]/u.test(last);
  const signed = joined || SIGN.test(before);
  if (signed) before = before.slice(0, -1);
  const lead = /\p{L}\s?$/u.test(before) ? (LEADING.exec(before)?.[0] ?? '') : '';
  before = before.slice(0, before.length - lead.length);
  const label = labelBefore(before);
  if (lead === '' && !joined && label === undefined && GLUED.test(before)) return undefined;

  const parts = partsAt(text, index, { lead, hemisphereOf });
  if (parts === undefined) return undefined;
  const hemispheres = [lead, parts.trail].filter((word) => word !== '').map((word) => hemisphereOf(word));
  const axes = new Set([...hemispheres.map((hemisphere) => hemisphere?.axis), ...(label ? [label.axis] : [])]);
  if (axes.size > 1 || hemispheres.includes(undefined)) return undefined;
  const axis = [...axes][0];
  const negative = (signed && /[-−–]/u.test(last)) || hemispheres.some((hemisphere) => hemisphere?.sign === -1);
  return {
    start: index - (signed ? 1 : 0) - lead.length - (label?.characters ?? 0),
    end: parts.end,
    degrees: negative ? -parts.size : parts.size,
    decimals: parts.decimals,
    decimalComma: parts.decimalComma,
    hasDegreeMark: parts.hasDegreeMark,
    labelled: label !== undefined,
    ...(axis !== undefined && { axis }),
  };
}

function labelBefore(before: string): { readonly axis: Axis; readonly characters: number } | undefined {
  if (!/\p{L}/u.test(before)) return undefined;
  const match = WORDS_BEFORE.exec(before);
  if (match === null) return undefined;
  const words = match.groups!['words']!.toLowerCase();
  for (const name of [words, words.slice(words.lastIndexOf(' ') + 1), words.slice(-2)]) {
    const axis = AXIS_OF.get(name);
    const han = name.length === 2 && /^\p{Script=Han}/u.test(name);
    if (axis === undefined || (name === words.slice(-2) && name !== words && !han && !words.endsWith(` ${name}`)))
      continue;
    const characters = match[0].length - words.length + name.length;
    return COMPOUND.test(before.slice(0, before.length - characters)) ? undefined : { axis, characters };
  }
  return undefined;
}

type Parts = Pick<Angle, 'end' | 'decimals' | 'decimalComma' | 'hasDegreeMark'> & {
  /** Unsigned degrees. */
  readonly size: number;
  readonly trail: string;
};

function partsAt(
  text: string,
  index: number,
  { lead, hemisphereOf }: { readonly lead: string; readonly hemisphereOf: ReadHemisphere },
): Parts | undefined {
  const marked = matchAt(SEXAGESIMAL, text, index);
  if (marked !== null) return sexagesimal(text, marked, lead);
  const plain = matchAt(SEXAGESIMAL_WITHOUT_MARKS, text, index);
  if (plain !== null) {
    const parts = sexagesimal(text, plain, lead);
    const axes = [lead, parts?.trail ?? ''].filter((word) => word !== '').map((word) => hemisphereOf(word)?.axis);
    if (axes.length > 0 && new Set(axes).size === 1) return parts;
  }
  const decimal = matchAt(DECIMAL, text, index);
  if (decimal === null) return undefined;
  const end = index + decimal[0].length;
  if (matchAt(UNIT, text, index + decimal[1]!.length) !== null) return undefined;
  // "12.05.2026" is a date and "3.11.2" is a version, not an angle.
  if (text[end] === '.' && /\d/u.test(text[end + 1] ?? '')) return undefined;
  const trail = lead === '' ? (matchAt(TRAILING, text, end)?.[0] ?? '') : '';
  const [, fraction = ''] = decimal[1]!.split(/[.,]/u);
  return {
    end: end + trail.length,
    size: Number(decimal[1]!.replace(',', '.')),
    decimals: fraction.length,
    decimalComma: decimal[1]!.includes(','),
    hasDegreeMark: decimal[2] !== undefined,
    trail,
  };
}

/** Converts degrees, minutes and seconds. Returns undefined if the minutes or seconds are 60 or more. */
function sexagesimal(text: string, match: RegExpExecArray, lead: string): Parts | undefined {
  const [degrees, minutes, seconds] = [match[1], match[2], match[3]].map((part) =>
    Number((part ?? '0').replace(',', '.')),
  );
  if (minutes! >= 60 || seconds! >= 60) return undefined;
  const end = match.index + match[0].length;
  const trail = lead === '' ? (matchAt(TRAILING, text, end)?.[0] ?? '') : '';
  return {
    end: end + trail.length,
    size: degrees! + minutes! / 60 + seconds! / 3600,
    decimals: 2,
    decimalComma: false,
    hasDegreeMark: /[°˚º∘度d]/u.test(match[0]),
    trail,
  };
}

const GERMAN = /koordinaten|breite|länge|\bgrad\b|[öü](?:st|d)lich/iu;
/** The language of a text is detected from this many characters at its start. */
const MAX_CHARACTERS_OF_LANGUAGE = 2000;
const ROMANCE = /coord[eo][nr]|latitud|longitud|oeste|ouest|ovest|\d\s?° ?[sn]ord/iu;

/**
 * Returns the meaning of "O": east (Ost) in German, west (Oeste, Ouest, Ovest) in Romance languages, and undefined if
 * the language is unclear.
 */
function meaningOfO(text: string): Hemisphere | undefined {
  const start = text.slice(0, MAX_CHARACTERS_OF_LANGUAGE);
  const [german, romance] = [GERMAN.test(start), ROMANCE.test(start)];
  return german === romance ? undefined : { axis: 'longitude', sign: german ? 1 : -1 };
}
