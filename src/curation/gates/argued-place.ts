/**
 * Finds the place that a reasoning text argues for. This is the last place in the last sentence that names a place.
 * Places that a sentence only compares with or rules out are ignored.
 */
import type { Place } from '../../core/place.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';

type PlaceReader = Pick<Gazetteer, 'parsePlace' | 'geocode' | 'match'>;

/**
 * Minimum population of a city that is named by a capitalised word alone. Many smaller places share their names with
 * people, brands or common words (Lada, Shell, Roman).
 */
const MIN_POPULATION = 100_000;
/** Of a longer text, only the last characters are read. */
const MAX_CHARACTERS = 4000;

/** Splits after a full stop, unless it follows an initial or an abbreviation in a name. */
const SENTENCE_END = /(?<!\b(?:\p{Lu}|St|Ste|Mt|Ft|Dr|Mr|Mrs))[.!?]["')\]]*\s+|\n+/u;
const NAME =
  /(?:(?:St|Ste|Mt|Ft)\. )?\p{Lu}[\p{L}\p{M}'’-]*(?:\s+(?:(?:of|de|del|da|do|dos|la|las|los|le|el|al|am|an der|and)\s+)?\p{Lu}[\p{L}\p{M}'’.-]*)*/gu;

/** Words that compare with or rule out the place after them, if only a list of names follows the words. */
const COMPARED =
  /\b(?:not|unlike|rather than|instead of|than|rul(?:e|es|ed|ing) out|exclud(?:e|es|ed|ing)|neither|nor|similar to|resembl(?:e|es|ing)|reminiscent of|compared (?:to|with)|in contrast (?:to|with)|different from|differs? from|distinguish(?:es)? (?:it |this )?from|as opposed to|opposed to|could also be|might also be|may also be|also (?:found|seen|common|used|occurs?) in|neighbou?ring|influences? (?:of|from)|influenced by|imported from|made in|like|as in|except|other than|outside)(?:\s+(?:for|in|the|of|from|those|that|to|with|and|or|either|possibly|even|perhaps|parts of|cities|countries|\p{Lu}[\p{L}\p{M}'’-]*),?)*\s*$/u;
/** Words after a place by which the sentence rules out the place. */
const RULED_OUT =
  /^(?:,?\s+(?:and|or)\s+\p{Lu}[\p{L}'’-]*)?,?\s+(?:(?:is|are|was|were|seems?|can be|could be|would be|being|looks?)\s+)?(?:also possible|another possibility|an alternative|less likely|unlikely|less probable|improbable|implausible|ruled out|excluded|not\b|would (?:have|show|use)\b)/u;

type Mention = { readonly place: Place };

/** Returns the place, or undefined if the reasoning text names none. */
export function arguedPlace(reasoning: string, gazetteer: PlaceReader): Place | undefined {
  for (const sentence of reasoning.slice(-MAX_CHARACTERS).split(SENTENCE_END).toReversed()) {
    const mentions = mentionsIn(sentence, gazetteer);
    const last = mentions.at(-1);
    if (last === undefined) continue;
    // A sentence such as "The city is Stockholm, and the country is Sweden" names the city before the country. The city
    // is then the more precise place.
    const city = mentions.findLast(({ place }) => place.city !== undefined);
    const isInside = city !== undefined && gazetteer.match(city.place, last.place).country;
    return last.place.city === undefined && isInside ? city.place : last.place;
  }
  return undefined;
}

function mentionsIn(sentence: string, gazetteer: PlaceReader): Mention[] {
  const names = [...sentence.matchAll(NAME)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
  const found: Mention[] = [];
  for (let i = 0; i < names.length; i++) {
    const [name, next] = [names[i]!, names[i + 1]];
    const isNext = next !== undefined && /^(?:,| in| \()\s*(?:the\s+)?$/u.test(sentence.slice(name.end, next.start));
    const pair = isNext ? pairNamed(name.text, next.text, gazetteer) : undefined;
    const before = sentence.slice(0, name.start);
    const place = pair ?? placeAlone(name.text, { before, gazetteer });
    const after = sentence.slice(pair === undefined ? name.end : next!.end);
    if (pair !== undefined) i += 1;
    if (place === undefined || COMPARED.test(before) || RULED_OUT.test(after) || after.startsWith('-')) continue;
    found.push({ place });
  }
  return found;
}

/**
 * In "Lada, Spain" and "Stockholm in Sweden", the second name locates the first. The pair is unambiguous, so the city
 * needs no minimum population.
 */
function pairNamed(first: string, second: string, gazetteer: PlaceReader): Place | undefined {
  const around = gazetteer.parsePlace(plain(second));
  if (around === undefined || around.city !== undefined) return undefined;
  const place = gazetteer.parsePlace(`${plain(first)}, ${plain(second)}`);
  return place?.city === undefined ? undefined : place;
}

function placeAlone(
  name: string,
  { before, gazetteer }: { readonly before: string; readonly gazetteer: PlaceReader },
): Place | undefined {
  // Words such as "It" and "No" are also country codes, so names of up to two letters count only in capitals, such as
  // "UK".
  if (name.length <= 2 && name !== name.toUpperCase()) return undefined;
  const place = gazetteer.parsePlace(plain(name)) ?? withoutFirstWord(name, before, gazetteer);
  if (place?.city === undefined) return place;
  // A name after an article, such as "a Toyota", is a thing.
  if (/\b(?:a|an|this|that|these|those)\s+$/iu.test(before)) return undefined;
  const found = gazetteer.geocode(place);
  const population = found.kind === 'found' ? (found.candidates[0]?.population ?? 0) : 0;
  return population >= MIN_POPULATION ? place : undefined;
}

/** The first word of a sentence is always capitalised, so it may not belong to the name, as in "Likely Stockholm". */
function withoutFirstWord(name: string, before: string, gazetteer: PlaceReader): Place | undefined {
  const rest = name.split(/\s+/u).slice(1).join(' ');
  return before.trim() === '' && rest !== '' ? gazetteer.parsePlace(rest) : undefined;
}

/** Removes the possessive ending ("Finland's" becomes "Finland") and a final full stop. */
const plain = (name: string): string => name.replace(/['’]s$/u, '').replace(/\.$/u, '');
