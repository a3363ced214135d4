/**
 * Parses positions in models' prose: "48.8584° N, 2.2945° E", "(-33.86, 151.2)", "lat: 48.85, long: 2.29", 48°51′30″N
 * 2°17′40″E, "48,8566° N; 2,3522° E", POINT(2.35 48.86). Existing packages reject the most common form: plain pairs
 * with fewer than three decimals (docs/decisions/0003-answer-grammar.md).
 */
import { type Coordinate, isCoordinate } from './coordinate.ts';
import { type Angle, anglesIn } from './coordinate-text/angles.ts';

export type CoordinateTextOptions = {
  /** True if something outside the text, such as its label or key, shows that it is a position. */
  readonly marked?: boolean;
  /** True if the longitude comes first. Labels of the two numbers in the text take precedence over this option. */
  readonly longitudeFirst?: boolean;
};

/** Matches the text that may separate the two angles of a pair. */
const SEPARATOR = /^[\s"'”’)\]}|]{0,4}(?:[,;/|&·]|and\b|und\b|et\b|y\b|e\b|и\b)?\s?[\s"'“‘([{|*-]{0,4}$/u;
/** Matches the text that may separate two labelled angles: "latitude 48.85 and a longitude of 2.35". */
const WORDS_BETWEEN = /^[^\d.!?]{0,40}\.?[^\d.!?]{0,8}$/u;

/** Matches text before a pair whose first number is the longitude: "(lon, lat) = (", "POINT(", "lng/lat: ". */
const LONGITUDE_FIRST =
  /(?:\blon(?:g(?:itude)?)?["']?\s?(?:[,/_&|-]|and)?\s?(?:the )?["']?lat(?:itude)?\b|\blng["']?\s?[,/_&|-]?\s?["']?lat\b|经纬度|經緯度|経緯度)[^\d]{0,16}$|\bPOINT\s?[ZM]{0,2}\s?\(\s?$|"type"\s?:\s?"Point"[^\d]{0,24}$/iu;
/** Matches words such as "coordinates" or "GPS". A pair of numbers after such a word is a position. */
const CUE =
  /(?:coord\p{L}*|координат\p{L}*|坐标|座標|좌표|إحداثيات|निर्देशांक|\bgps|\bgeo:|\bposition\b|\blocati?on\b|\blocated\b|\bpoint\s?\(|\blat(?:itude)?\b|经纬度|緯度|\bgeotag|@|\bll=|\bq=)[^\d.!?]{0,40}$|\b(?:at|near|around|guess|answer|estimated?|estimate|say|place|taken|(?:this|it|photo|image|picture) (?:is|shows)|it['’]?s)\b[^\d.!?,]{0,20}$/iu;
/** Matches words such as "price" or "size". A pair of numbers after such a word is not a position. */
const OTHER_NUMBERS =
  /(?:\bb(?:ounding[ -])?box|\bprice|\bversion|\bv\.|\bscores?|\bprobabilit|\bpixels?|\bsize|\bratio|\brating|\baperture|\bexposure|\bratings?|\bnormali[sz]ed|\bweights?|\blogits?|\bpercent|\bcosts?|\beuros?|\bdollars?|\bchapter|\bsection|\btemperature|\bdistances?|\bdated?)[^.!?\n]{0,60}$/iu;

const MAX_CONTEXT_CHARACTERS = 72;
/** Inside a sentence, a bare pair counts only if both numbers have at least this many decimals. */
const MIN_DECIMALS_IN_PROSE = 3;

/**
 * Returns every position in the text, in order. A bare pair of numbers counts only if something marks it as a position:
 * a label, degree signs, two hemispheres, a word such as "coordinates", or decimals in both numbers (at least three
 * decimals each, unless the pair is alone on its line). Lists of numbers, prices, sizes and bounding boxes never count.
 */
export function coordinatesIn(text: string, options: CoordinateTextOptions = {}): Coordinate[] {
  const plain = plainText(text);
  const angles = anglesIn(plain);
  const found: Coordinate[] = [];
  for (let i = 0; i + 1 < angles.length; i++) {
    const position = positionOf(plain, [angles[i]!, angles[i + 1]!], options);
    if (position === undefined) continue;
    found.push(position);
    i++;
  }
  return found;
}

/**
 * Removes Markdown, TeX and full-width signs. Replaces each run of white space by one character, so that no pattern is
 * slow on long runs.
 */
function plainText(text: string): string {
  return text
    .replaceAll(/\^\s?\{?\s?\\circ\s?\}?|\\(?:circ|degree)\b/gu, '°')
    .replaceAll(/\\[,;: ]|\\(?:text|mathrm|quad)\b|[*_`$~\u200B-\u200F\u2060\uFEFF\u00AD]/gu, (match) =>
      match.startsWith('\\') ? ' ' : '',
    )
    .replaceAll(/[\uFF0B-\uFF1E\uFF08\uFF09]/gu, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll(/[、،；؛]/gu, ',')
    .replaceAll(/[^\S\n\r\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s*[\n\r\u2028\u2029]\s*/gu, '\n');
}

function positionOf(
  text: string,
  [first, second]: readonly [Angle, Angle],
  { marked = false, longitudeFirst }: CoordinateTextOptions,
): Coordinate | undefined {
  const between = text.slice(first.end, Math.min(second.start, first.end + MAX_CONTEXT_CHARACTERS));
  const bothLabelled = first.labelled && second.labelled;
  if (second.start < first.end || !(bothLabelled ? WORDS_BETWEEN : SEPARATOR).test(between)) return undefined;
  if (first.axis !== undefined && first.axis === second.axis) return undefined;
  const unmarked = first.axis === undefined && second.axis === undefined && !marked;
  if (unmarked && (first.decimals === 0 || second.decimals === 0) && !first.hasDegreeMark) return undefined;
  const before = text.slice(Math.max(0, first.start - MAX_CONTEXT_CHARACTERS), first.start);
  const lonFirst =
    first.axis === undefined && second.axis === undefined
      ? longitudeFirst === true || LONGITUDE_FIRST.test(before)
      : first.axis === 'longitude' || second.axis === 'latitude';
  const [latitude, longitude] = lonFirst ? [second.degrees, first.degrees] : [first.degrees, second.degrees];
  if (!isCoordinate(latitude, longitude)) return undefined;
  const after = text.slice(second.end, second.end + MAX_CONTEXT_CHARACTERS);
  if (!isMarked([first, second], { before, between, after, marked })) return undefined;
  return { latitudeDegrees: latitude, longitudeDegrees: longitude };
}

type Surroundings = {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly marked: boolean;
};

function isMarked([first, second]: readonly [Angle, Angle], { before, between, after, marked }: Surroundings): boolean {
  const axes = [first, second].filter(({ axis }) => axis !== undefined).length;
  if (axes === 2 || first.labelled || second.labelled || marked || LONGITUDE_FIRST.test(before)) return true;
  if (axes === 1) return first.hasDegreeMark || second.hasDegreeMark;
  const isList = /[\d%]\s?,\s?$/u.test(before) || /^\s?,\s?-?\d/u.test(after);
  const cued = CUE.test(before) && !OTHER_NUMBERS.test(before);
  if (isList && !(cued && /(?:geo:|@)$/iu.test(before))) return false;
  if (first.hasDegreeMark && second.hasDegreeMark)
    return cued || first.decimals + second.decimals > 0 || alone(before, after);
  const fewest = Math.min(first.decimals, second.decimals);
  if (fewest === 0) return false;
  if (cued) return true;
  if (OTHER_NUMBERS.test(before) || /^\s?(?:in |for )?(?:euros?|dollars?|percent)/iu.test(after)) return false;
  if ((between !== '' && !/[,;/]/u.test(between)) || (first.decimalComma && !/[;/]|, /u.test(between))) return false;
  return fewest >= MIN_DECIMALS_IN_PROSE || alone(before, after);
}

/** True if the pair is alone on its line, apart from brackets, quotes and a bullet. */
function alone(before: string, after: string): boolean {
  const head = before.slice(Math.max(before.lastIndexOf('\n'), 0));
  const line = after.split('\n', 1)[0]!;
  return /^[\s([{"'“>•–+-]*(?:\d{1,2}[.)]\s)?[\s([{"'“]*$/u.test(head) && /^[\s)\]}"'”.,;!]*$/u.test(line);
}
