/**
 * Finds the country that a text names. It recognises names in any language, ISO codes, constituent countries
 * ("Scotland"), regions in the country field ("Texas"), the words of a name ("Korea, Rep.") and typing errors. A text
 * with two countries is a hedge and is rejected. "Unknown" names no country.
 */
import { defined } from '../core/defined.ts';
import type { Correction, MatchedBy } from '../core/place.ts';
import { nameMistyped, nameOfWords } from './country-words.ts';
import { alsoWrittenUnder, constituentCountries, formerCountries, regionAbbreviations } from './facts.ts';
import { codeKey, fold } from './fold.ts';
import type { CountryRecord } from './format.ts';
import { countryNamed, isRegion, regionOf, rowsNamed, type Store } from './store.ts';
import { isDenial, isUnspecified } from './words.ts';

export type CountryReading =
  | {
      readonly kind: 'known';
      readonly country: CountryRecord;
      readonly matchedBy: MatchedBy;
      /** Row of the region that the text names in addition to the country or instead of it. */
      readonly region?: number;
      readonly corrected?: Correction;
    }
  /** A former country and its successors. */
  | { readonly kind: 'former'; readonly name: string; readonly countries: readonly CountryRecord[] }
  /** The text is empty or uninformative, such as "Unknown". */
  | { readonly kind: 'unspecified' }
  /** The text names several countries or no known country. */
  | { readonly kind: 'unknown'; readonly several?: true; readonly reason: string };

type Known = CountryReading & { readonly kind: 'known' };

const constituentNamed = new Map(
  constituentCountries.flatMap((constituent) => constituent.names.map((name) => [fold(name), constituent] as const)),
);

const formerNamed = new Map(
  formerCountries.flatMap((former) => former.names.map((name) => [fold(name), former] as const)),
);

const IN_CAPITALS = /^\s*[A-Z]{2,3}\s*$/;

/** Words that introduce a second guess: "France (or Germany)". */
export const SECOND_GUESS = /^(?:or|either|maybe|perhaps|possibly|probably|likely|alternatively)\s+/i;

/** True if the text names a country within a country (Scotland) or a region that people treat as a country (Sicily). */
export const isConstituent = (text: string): boolean => constituentNamed.has(fold(text));

/** Caches the readings of country fields for each store, because reading one place reads its country several times. */
const readingsOfStores = new WeakMap<object, Map<string, CountryReading>>();
const MAX_READINGS = 2000;

export function readCountry(store: Store, text: string, code?: string): CountryReading {
  const known = readingsOfStores.get(store.countries) ?? new Map<string, CountryReading>();
  readingsOfStores.set(store.countries, known);
  const key = code === undefined ? text : `${code}\n${text}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const reading = readCountryAnew(store, text, code);
  if (known.size >= MAX_READINGS) known.clear();
  known.set(key, reading);
  return reading;
}

function readCountryAnew(store: Store, text: string, code: string | undefined): CountryReading {
  const coded = code === undefined ? undefined : store.countries[store.countryNumber.get(code.toUpperCase()) ?? -1];
  if (coded !== undefined) return { kind: 'known', country: coded, matchedBy: 'id' };
  const former = formerNamed.get(fold(text));
  if (former !== undefined) {
    const countries = former.codes.map((successor) => store.countries[store.countryNumber.get(successor)!]!);
    return { kind: 'former', name: text, countries };
  }
  // "NA" counts as unknown, because programs write it for a missing value far more often than for Namibia. "NO" in
  // capitals is Norway.
  if (isDenial(text) && text.trim() !== 'NO') return { kind: 'unspecified' };
  // The whole name comes first, because "South Africa" consists only of words that are uninformative by themselves.
  const whole = readName(store, text);
  if (whole !== undefined) return whole;
  if (isUnspecified(text)) return { kind: 'unspecified' };

  const name = nameOfWords(store, text);
  const ofWords = name === undefined ? undefined : readName(store, name);
  if (ofWords !== undefined) return { ...ofWords, matchedBy: 'alias' };
  const inverted = readInverted(store, text);
  if (inverted !== undefined) return inverted;
  const parts = text.split(/[,/;|()]|\s+(?:or|and\/or)\s+/i).map((part) => part.trim().replace(SECOND_GUESS, ''));
  const known = withoutSovereigns(parts.flatMap((part) => readName(store, part) ?? []));
  const distinct = new Set(known.map(({ country }) => country.code));
  if (distinct.size > 1) {
    return { kind: 'unknown', several: true, reason: `“${text}” names more than one country.` };
  }
  // "Texas, USA" names two parts in one country. "USA" gives the country, and "Texas" gives the region.
  const region = known.find((reading) => reading.region !== undefined)?.region;
  const named = known.find((reading) => reading.region === undefined) ?? known[0];
  if (named !== undefined) return region === undefined ? named : { ...named, region };
  return misspelt(store, text) ?? { kind: 'unknown', reason: `No country is called “${text}”.` };
}

/** Reads "Greenland, Denmark" as Greenland, because a territory is more specific than its sovereign. */
function withoutSovereigns(known: readonly Known[]): readonly Known[] {
  const codes = new Set(known.map(({ country }) => country.code));
  const isNarrowed = (code: string): boolean =>
    alsoWrittenUnder.some(({ country, lies, admin1 }) => country === code && codes.has(lies) && admin1 === undefined);
  return known.filter(({ country }) => !isNarrowed(country.code));
}

/** Reads "Korea, Democratic People's Republic of" (ISO 3166) and "Georgia, USA" (a region with a country's name). */
function readInverted(store: Store, text: string): Known | undefined {
  const comma = text.indexOf(',');
  if (comma === -1) return undefined;
  const [first, second] = [text.slice(0, comma), text.slice(comma + 1)];
  const turned = readName(store, `${second} ${first}`);
  if (turned !== undefined) return turned;
  const country = countryNamed(store, fold(second));
  if (country === undefined || countryNamed(store, fold(first)) === country) return undefined;
  const region = regionRow(store, store.countryNumber.get(country.code)!, fold(first));
  const isFirstLevel = region !== undefined && regionOf(store, region, 1) === region;
  return isFirstLevel ? { kind: 'known', country, matchedBy: 'alias', region } : undefined;
}

/** Reads one name without separators: a country, a constituent country, or a first-level region. */
function readName(store: Store, text: string): Known | undefined {
  const folded = fold(text);
  if (folded === '') return undefined;
  // Constituent countries come first, because some languages use the name of England for the whole United Kingdom.
  const constituent = constituentNamed.get(folded);
  if (constituent !== undefined) {
    const number = store.countryNumber.get(constituent.code)!;
    const region = store.admin1[`${constituent.code}.${constituent.admin1}`];
    return {
      kind: 'known',
      country: store.countries[number]!,
      matchedBy: 'alias',
      ...defined({ region }),
    };
  }
  // "MY" is Malaysia's code, but "Mỹ", which folds to the same letters, is Vietnamese for the United States. In
  // capitals, the code therefore takes precedence over the name.
  const lookups = [folded, codeKey(text)].map((key) => countryNamed(store, key));
  const [first, second] = IN_CAPITALS.test(text) ? lookups.toReversed() : lookups;
  const country = first ?? second ?? countryNamed(store, withoutForm(folded));
  if (country !== undefined) {
    return {
      kind: 'known',
      country,
      matchedBy: folded === fold(country.name) ? exactness(text, country.name) : 'alias',
    };
  }
  const region = leadingRegion(store, folded);
  if (region === undefined) return undefined;
  return { kind: 'known', country: store.countries[store.sections.country[region]!]!, matchedBy: 'alias', region };
}

/**
 * Words for a country or for its form of government, in several languages: "Republic of Finland", "ประเทศไทย", "日本国".
 */
const FORM_FIRST =
  /^(?:(?:federal |federative |united |socialist |sovereign )?(?:republic|kingdom|principality|sultanate|grand duchy|country) of (?:the )?|(?:bundes)?republik |republica (?:federativa )?(?:de |do |da |del |di )?|republique (?:de la |de l|de |du |des )?|repubblica (?:di |del |della )?|republika |konigreich |koninkrijk |kongeriget |konungariket |kongeriket |reino (?:de |do |da )?|royaume (?:de |du |d)?|regno (?:di |d)?|nuoc |negara |ประเทศ|ราชอาณาจักร|ປະເທດ|ប្រទេស|جمهورية |دولة |مملكة |республика |королевство )/u;
const FORM_LAST = /(?: (?:republic|kingdom|cumhuriyeti)|共和国|共和國|王国|王國|国|國|공화국|နိုင်ငံ)$/u;

const withoutForm = (folded: string): string => folded.replace(FORM_FIRST, '').replace(FORM_LAST, '');

const exactness = (text: string, name: string): MatchedBy => (text.trim() === name ? 'exact' : 'fold');

/** Returns the most populous first-level region in the world with this name. */
export function leadingRegion(store: Store, folded: string): number | undefined {
  return rowsNamed(store, folded)
    .map(({ row }) => row)
    .filter((row) => isRegion(store, row) && regionOf(store, row, 1) === row)
    .sort((a, b) => store.sections.population[b]! - store.sections.population[a]!)[0];
}

/** Finds a region of the country by name or alternate name. The first level takes precedence over the second. */
export function regionRow(store: Store, country: number, folded: string): number | undefined {
  const inside = rowsNamed(store, folded).filter(
    ({ row }) => isRegion(store, row) && store.sections.country[row] === country,
  );
  const first = inside.find(({ row }) => regionOf(store, row, 1) === row);
  return (first ?? inside[0])?.row;
}

/** Finds the country whose English name the text misspells. */
function misspelt(store: Store, text: string): Known | undefined {
  const name = nameMistyped(store, fold(text));
  const known = name === undefined ? undefined : readName(store, name);
  if (known === undefined) return undefined;
  return { ...known, matchedBy: 'edit', corrected: { written: text.trim(), read: known.country.name } };
}

/** Matches the postal code in "VT 05458". */
const POSTAL_CODE = /\s+\d{4,5}(?:-\d{4})?$/;

/** Finds the region for an abbreviation that follows a city, such as a US state's postal abbreviation. */
export function regionByAbbreviation(store: Store, country: number, text: string): number | undefined {
  const code = store.countries[country]!.code;
  const abbreviation = text.replace(POSTAL_CODE, '').trim().replaceAll('.', '').toUpperCase();
  if (!/^[A-Z]{2,4}$/.test(abbreviation)) return undefined;
  return store.admin1[`${code}.${regionAbbreviations[code]?.[abbreviation] ?? abbreviation}`];
}
