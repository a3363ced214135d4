/**
 * Reads the text of a city field: "Soweto, Johannesburg", "Kyiv (outskirts)", "Kiev / Kyiv", "Downtown Austin, TX". The
 * first part that is a known place wins. A region that follows it must contain it, and a city that follows it must be
 * near it. Otherwise a landmark could be mistaken for a distant village of the same name.
 */
import { defined } from '../core/defined.ts';
import { leadingRegion, regionByAbbreviation, regionRow } from './country.ts';
import { type Candidate, candidatesMistyped, candidatesNamed, liesIn, rowsApartKm, type Scope } from './candidates.ts';
import type { CityPart, CityText } from './city-text.ts';
import { areaTowns } from './facts.ts';
import { fold } from './fold.ts';
import { countryNamed, featureOf, isRegion, rowsNamed, type Store } from './store.ts';
import { formsOf } from './words.ts';

export type CityReading = {
  /** Candidates, likeliest first; never empty. */
  readonly candidates: readonly Candidate[];
  /** The folded name that was looked up. */
  readonly name: string;
  /** Row of the city around the place ("Soweto, Johannesburg"). */
  readonly around?: number;
  /** The parts before the part that was read as the place. None of them names a known place near that place. */
  readonly before?: readonly CityPart[];
};

/** Maximum distance between a suburb or other part of a city and the city that follows it in the text. */
const NEAR_CITY_KM = 60;

/** Looks up a part, either by exact names or with tolerance for typing errors. */
type Lookup = (form: string, part: { readonly written: string; readonly behind?: boolean }) => readonly Candidate[];

/** Finds the place in scope that a city's text names; undefined if it names none. */
export function readCity(store: Store, text: CityText, scope: Scope): CityReading | undefined {
  const named: Lookup = (form, { written, behind = false }) =>
    candidatesNamed(store, form, behind ? { ...scope, behind } : scope, written);
  const whole = named(text.folded, text);
  if (whole.length > 0)
    return cityInRegion(store, text.folded, whole, scope) ?? { candidates: whole, name: text.folded };
  // The whole text may be one qualified name that contains a separator: "Downtown Truth or Consequences".
  for (const name of text.forms) {
    const candidates = named(name, text).filter((candidate) =>
      keepsItsKind(store, candidate, { query: text.folded, name }),
    );
    if (candidates.length > 0) return { candidates, name };
  }
  return readParts(store, text, { scope, lookup: named, formsUpTo: Infinity });
}

const ISLAND = /^(?:island|isle)s? of | islands?$/;
const TOWNS_OF_AREAS = new Set(Object.values(areaTowns).flatMap((names) => names.map(fold)));

/**
 * If the query says "island", false for a town that has the island's name only as an alternate name: "São Miguel
 * Island" is not Caldas de Vizela. If the name was found without the word "island", a town counts only by its own name
 * or by the name of an area that it represents.
 */
function keepsItsKind(
  store: Store,
  { row, matchedBy }: Candidate,
  { query, name }: { readonly query: string; readonly name: string },
): boolean {
  if (!ISLAND.test(query) || ISLAND.test(name)) return true;
  return matchedBy !== 'alias' || isRegion(store, row) || TOWNS_OF_AREAS.has(name);
}

/** Matches qualifiers that show that a region's name means its city: Greater London, Taichung City. */
const MEANS_CITY =
  /^(?:greater|city of|metropolitan city of) (.+)$|^(.+) (?:city|municipality|metropolitan (?:area|city|municipality|region))$/;

/**
 * Handles names such as Greater London, whose qualifier means a city. If the likeliest region has such a name, finds
 * the city in this region that has the name without the qualifier (London).
 */
function cityInRegion(
  store: Store,
  name: string,
  candidates: readonly Candidate[],
  scope: Scope,
): CityReading | undefined {
  const region = candidates[0]!.row;
  const match = isRegion(store, region) ? MEANS_CITY.exec(name) : null;
  const city = match?.[1] ?? match?.[2];
  if (city === undefined) return undefined;
  const inside = candidatesNamed(store, city, scope, city).filter(
    ({ row }) => !isRegion(store, row) && liesIn(store, row, region),
  );
  return inside.length === 0 ? undefined : { candidates: inside, name: city };
}

/** Reads a city's text and tolerates typing errors. Works only inside a country. */
export function readMistypedCity(
  store: Store,
  text: CityText,
  scope: Scope & { readonly country: number },
): CityReading | undefined {
  const lookup: Lookup = (form) => candidatesMistyped(store, form, scope);
  // A name with many qualifiers has many forms. Only the first two are searched for typing errors.
  return readParts(store, text, { scope, lookup, formsUpTo: 2 });
}

type Reader = { readonly scope: Scope; readonly lookup: Lookup; readonly formsUpTo: number };

function readParts(store: Store, text: CityText, { scope, lookup, formsUpTo }: Reader): CityReading | undefined {
  const parts = finerParts(store, text, scope);
  for (const [i, part] of parts.entries()) {
    const context = readContext(store, parts.slice(i + 1), scope);
    for (const { written, forms } of part.alternatives) {
      for (const name of forms.slice(0, formsUpTo)) {
        const candidates = lookup(name, { written, behind: i > 0 }).filter((candidate) =>
          fits(store, candidate, context),
        );
        if (candidates.length === 0) continue;
        return { candidates, name, ...defined({ around: context.city }), ...(i > 0 && { before: parts.slice(0, i) }) };
      }
    }
  }
  return undefined;
}

/** Returns the parts without the country's own name ("Spain" in "Madrid, Spain"), unless it is the only part. */
function finerParts(store: Store, { parts }: CityText, { country }: Scope): readonly CityPart[] {
  if (parts.length < 2 || country === undefined) return parts;
  const finer = parts.filter(({ folded }) => countryNamed(store, folded) !== store.countries[country]);
  return finer.length === 0 ? parts : finer;
}

/** The location of a part according to the text: in a region, near a city, or unknown if both are absent. */
type Context = { readonly region?: number; readonly city?: number };

/**
 * Reads the context from the first following part that is known. That part may be both a region and a city ("New
 * York").
 */
function readContext(store: Store, parts: readonly CityPart[], scope: Scope): Context {
  for (const { written, folded } of parts) {
    // An area, such as Luzon in "Manila, Luzon", gives no context, because the gazetteer does not know what it
    // contains.
    const region = regionNamed(store, written, scope);
    if (region !== undefined && featureOf(store, region) === 'AREA') return {};
    const city = candidatesNamed(store, folded, scope, written).find(({ row }) => !isRegion(store, row))?.row;
    if (region !== undefined || city !== undefined) {
      return { ...defined({ region, city }) };
    }
  }
  return {};
}

function fits(store: Store, { row, matchedBy }: Candidate, { region, city }: Context): boolean {
  if (region === undefined && city === undefined) return true;
  if (region !== undefined && liesIn(store, row, region) && city === undefined) return true;
  // If a city follows in the text, the name before it must be a place's own name. Otherwise a park that shares its name
  // with an alias of some village would be read as that village.
  const near = city !== undefined && rowsApartKm(store, row, city) <= NEAR_CITY_KM;
  const isOwn = matchedBy !== 'alias' || featureOf(store, row) === 'AREA';
  return isOwn && (near || (region !== undefined && liesIn(store, row, region)));
}

/**
 * Finds the region that a text means. The text may contain its name, an abbreviation or a generic word ("Kano State").
 * If the text names two regions ("Orange County, California"), returns the smaller one.
 */
export function regionNamed(store: Store, text: string, { country }: Scope): number | undefined {
  if (country === undefined) return leadingRegion(store, fold(text));
  const comma = text.lastIndexOf(',');
  if (comma !== -1) {
    const outer = regionNamed(store, text.slice(comma + 1), { country });
    const finer = rowsNamed(store, fold(text.slice(0, comma))).map(({ row }) => row);
    const inner = finer.find((row) => isRegion(store, row) && outer !== undefined && liesIn(store, row, outer));
    return inner ?? outer;
  }
  const abbreviated = regionByAbbreviation(store, country, text);
  if (abbreviated !== undefined) return abbreviated;
  for (const form of formsOf(fold(text))) {
    const region = regionRow(store, country, form);
    if (region !== undefined) return region;
  }
  return undefined;
}
