/**
 * Finds faults that make a reasoning text useless for training, whatever the photo shows. Such a text guesses, names
 * nothing visible, is in another language, or refers to information that a model never receives. Each fault has a
 * cause, by which the funnel counts it.
 */

export type ReasoningFault = { readonly cause: string; readonly reason: string };

/** Words that negate the phrase after them, as in "without metadata" and "more than a wild guess". */
const DENIED =
  /\b(?:no|not|never|without|lacks?|lacking|absence of|rather than|more than|instead of|nor|isn['’]t)(?:\s+(?:a|an|any|the|just|merely|on|other|available|embedded|usable))*\s*$/iu;

/**
 * Phrases about metadata. A model receives only pixels, so an argument from metadata was invented or read from a leak.
 */
const METADATA =
  /\b(?:exif|meta-?data|file\s?names?|name of the (?:file|image)|geo-?tags?|geo-?tagged|gps (?:data|coordinates?|position|tags?|information)|(?:image|photo|picture)(?:['’]s)? (?:title|caption|description|url|tags?)|(?:title|caption|description|url) of (?:the|this) (?:image|photo|picture)|alt[ -]text)\b/giu;

const GUESS =
  /\b(?:(?:pure(?:ly)?|wild|random|blind|complete|total|sheer|just|only|merely|simply)(?: an?)? guess(?:ing|work)?|guess(?:ing|ed)? (?:at random|randomly)|guesswork|arbitrary guess|no (?:real |particular )?(?:basis|reason) (?:for|to))\b/giu;

const claims = (pattern: RegExp, text: string): string | undefined =>
  [...text.matchAll(pattern)].find(({ index }) => !DENIED.test(text.slice(Math.max(0, index - 60), index)))?.[0];

/**
 * Returns the first fault of the text, or undefined if there is none. `things` is the number of visible things that the
 * text names.
 */
export function reasoningFault(
  reasoning: string,
  { things, language }: { readonly things: number; readonly language: 'en' | null },
): ReasoningFault | undefined {
  if (language === 'en' && !isEnglish(reasoning)) {
    return { cause: 'the reasoning is in another language', reason: `is not in English: "${reasoning.slice(0, 40)}"` };
  }
  const cited = claims(METADATA, reasoning);
  if (cited !== undefined) return { cause: 'the reasoning cites metadata', reason: `cites "${cited}"` };
  const guess = claims(GUESS, reasoning);
  if (guess !== undefined) return { cause: 'the reasoning is a guess', reason: `calls itself "${guess}"` };
  // Things are found only in English texts, so the check for an empty text applies only to them.
  if (things === 0 && isEnglish(reasoning))
    return { cause: 'the reasoning is empty', reason: 'names nothing that a photo could show' };
  return undefined;
}

/**
 * Function words that only English has count twice. Function words that English shares with other languages count once.
 */
const ENGLISH_WORDS = setOf(
  'the of and with which this that these those are from there its be by have has suggests suggest indicates indicate visible likely typical can see make out would i we',
);
const SHARED_WORDS = setOf('a an in is as it to on at or so');
/**
 * Minimum of (weighted count of function words) / (number of words). English texts about photos have 0.4 and more,
 * other languages less than 0.1.
 */
const MIN_SHARE = 0.2;
const MIN_LATIN_SHARE = 0.7;
/** Texts with fewer words are not checked for function words, because a short English text may have none. */
const MIN_WORDS = 6;

/**
 * Returns true if most letters are Latin and, in a text of at least MIN_WORDS words, enough words are English function
 * words.
 */
export function isEnglish(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters > 0 && latin / letters < MIN_LATIN_SHARE) return false;
  const words = text.toLowerCase().match(/[\p{L}\p{M}'’]+/gu) ?? [];
  const sum = words.reduce((total, word) => total + (ENGLISH_WORDS.has(word) ? 2 : SHARED_WORDS.has(word) ? 1 : 0), 0);
  return words.length < MIN_WORDS || sum / words.length >= MIN_SHARE;
}

function setOf(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
