/**
 * Finds the place that a reasoning argues for: the one that its last sentence with a place names last. Places that a
 * sentence only compares with, or rules out, do not count.
 */
import type { Place } from '../../core/place.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';

type PlaceReader = Pick<Gazetteer, 'parsePlace' | 'geocode' | 'match'>;

/**
 * A capitalised word alone is a city only from this population: smaller places share their names with people, brands
 * and common words (Lada, Shell, Roman).
 */
const MIN_POPULATION = 100_000;
/** Only the end of a longer reasoning is read. */
const MAX_CHARACTERS = 4000;

/** Splits after a full stop, but not after an initial or an abbreviation in a name. */
const SENTENCE_END = /(?<!\b(?:\p{Lu}|St|Ste|Mt|Ft|Dr|Mr|Mrs))[.!?]["')\]]*\s+|\n+/u;
const NAME =
  /(?:(?:St|Ste|Mt|Ft)\. )?\p{Lu}[\p{L}\p{M}'’-]*(?:\s+(?:(?:of|de|del|da|do|dos|la|las|los|le|el|al|am|an der|and)\s+)?\p{Lu}[\p{L}\p{M}'’.-]*)*/gu;

/** Words after which a place is compared with or ruled out, followed by nothing but the names of a list. */
const COMPARED =
  /\b(?:not|unlike|rather than|instead of|than|rul(?:e|es|ed|ing) out|exclud(?:e|es|ed|ing)|neither|nor|similar to|resembl(?:e|es|ing)|reminiscent of|compared (?:to|with)|in contrast (?:to|with)|different from|differs? from|distinguish(?:es)? (?:it |this )?from|as opposed to|opposed to|could also be|might also be|may also be|also (?:found|seen|common|used|occurs?) in|neighbou?ring|influences? (?:of|from)|influenced by|imported from|made in|like|as in|except|other than|outside)(?:\s+(?:for|in|the|of|from|those|that|to|with|and|or|either|possibly|even|perhaps|parts of|cities|countries|\p{Lu}[\p{L}\p{M}'’-]*),?)*\s*$/u;
/** What follows a place that the sentence rules out. */
const RULED_OUT =
  /^(?:,?\s+(?:and|or)\s+\p{Lu}[\p{L}'’-]*)?,?\s+(?:(?:is|are|was|were|seems?|can be|could be|would be|being|looks?)\s+)?(?:also possible|another possibility|an alternative|less likely|unlikely|less probable|improbable|implausible|ruled out|excluded|not\b|would (?:have|show|use)\b)/u;

type Mention = { readonly place: Place };

/** Returns the place; undefined if the reasoning names none. */
export function arguedPlace(reasoning: string, gazetteer: PlaceReader): Place | undefined {
  for (const sentence of reasoning.slice(-MAX_CHARACTERS).split(SENTENCE_END).toReversed()) {
    const mentions = mentionsIn(sentence, gazetteer);
    const last = mentions.at(-1);
    if (last === undefined) continue;
    // "The city is Stockholm, and the country is Sweden" names the city before the country.
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

/** "Lada, Spain" and "Stockholm in Sweden": the second name says where the first one is, so any size will do. */
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
  // "It" and "No" are words, and codes of countries; abbreviations in a text are capitals: "UK".
  if (name.length <= 2 && name !== name.toUpperCase()) return undefined;
  const place = gazetteer.parsePlace(plain(name)) ?? withoutFirstWord(name, before, gazetteer);
  if (place?.city === undefined) return place;
  // "A Toyota" is a car.
  if (/\b(?:a|an|this|that|these|those)\s+$/iu.test(before)) return undefined;
  const found = gazetteer.geocode(place);
  const population = found.kind === 'found' ? (found.candidates[0]?.population ?? 0) : 0;
  return population >= MIN_POPULATION ? place : undefined;
}

/** At the start of a sentence, the first capital says nothing: "Likely Stockholm". */
function withoutFirstWord(name: string, before: string, gazetteer: PlaceReader): Place | undefined {
  const rest = name.split(/\s+/u).slice(1).join(' ');
  return before.trim() === '' && rest !== '' ? gazetteer.parsePlace(rest) : undefined;
}

/** Without the possessive: "Finland's" is Finland. */
const plain = (name: string): string => name.replace(/['’]s$/u, '').replace(/\.$/u, '');
