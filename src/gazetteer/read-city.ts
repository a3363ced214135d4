/**
 * Reads the text in a city's place: "Soweto, Johannesburg", "Kyiv (outskirts)", "Kiev / Kyiv", "Downtown Austin, TX".
 * The finest part that is a known place is the place; the parts after it must hold it (a region) or be near
 * it (a city), so that a landmark that happens to be called like a village far away is not taken for it.
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
  /** The likeliest first; never empty. */
  readonly candidates: readonly Candidate[];
  /** The name that was looked up, folded. */
  readonly name: string;
  /** Row of the city that was named as the one around it ("Soweto, Johannesburg"). */
  readonly around?: number;
};

/** A part of a city, or its suburb, lies at most so far from the city that is named after it. */
const NEAR_CITY_KM = 60;

/** How a part was looked up: by the very names of the index, or with typing errors forgiven. */
type Lookup = (form: string, part: { readonly written: string; readonly behind?: boolean }) => readonly Candidate[];

/** The place that a city's text names within the scope; undefined where it names none. */
export function readCity(store: Store, text: CityText, scope: Scope): CityReading | undefined {
  const named: Lookup = (form, { written, behind = false }) =>
    candidatesNamed(store, form, behind ? { ...scope, behind } : scope, written);
  const whole = named(text.folded, text);
  if (whole.length > 0)
    return cityInRegion(store, text.folded, whole, scope) ?? { candidates: whole, name: text.folded };
  // Names with separators of their own, qualified: "near La Lupita (Casas Viejas)", "Downtown Truth or Consequences".
  for (const name of text.forms) {
    const candidates = named(name, text).filter((candidate) =>
      keepsItsKind(store, candidate, { asked: text.folded, name }),
    );
    if (candidates.length > 0) return { candidates, name };
  }
  return readParts(store, text, { scope, lookup: named, formsUpTo: Infinity });
}

const ISLAND = /^(?:island|isle)s? of | islands?$/;
const TOWNS_OF_AREAS = new Set(Object.values(areaTowns).flatMap((names) => names.map(fold)));

/**
 * An island is not a town by whose other name it goes ("São Miguel Island" is not Caldas de Vizela): where the word was taken off, a town
 * counts by its own name, and by the names of areas that it stands for.
 */
function keepsItsKind(
  store: Store,
  { row, matchedBy }: Candidate,
  { asked, name }: { readonly asked: string; readonly name: string },
): boolean {
  if (!ISLAND.test(asked) || ISLAND.test(name)) return true;
  return matchedBy !== 'alias' || isRegion(store, row) || TOWNS_OF_AREAS.has(name);
}

/** Qualifiers that say a city is meant where a region has just that name: Greater London, Taichung City. */
const MEANS_CITY =
  /^(?:greater|city of|metropolitan city of) (.+)$|^(.+) (?:city|municipality|metropolitan (?:area|city|municipality|region))$/;

/** The city inside the leading region whose name is the region's without such a qualifier. */
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

/** The same with typing errors forgiven; only inside a country. */
export function readMistypedCity(
  store: Store,
  text: CityText,
  scope: Scope & { readonly country: number },
): CityReading | undefined {
  const lookup: Lookup = (form) => candidatesMistyped(store, form, scope);
  // Errors and many qualifiers at once are left alone.
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
        return { candidates, name, ...defined({ around: context.city }) };
      }
    }
  }
  return undefined;
}

/** The parts without the country's own name ("Madrid, Spain" in Spain), unless nothing else is there. */
function finerParts(store: Store, { parts }: CityText, { country }: Scope): readonly CityPart[] {
  if (parts.length < 2 || country === undefined) return parts;
  const finer = parts.filter(({ folded }) => countryNamed(store, folded) !== store.countries[country]);
  return finer.length === 0 ? parts : finer;
}

/** What is named after a part: a region that holds it, a city that it is near to, or nothing known. */
type Context = { readonly region?: number; readonly city?: number };

/** The first of the following parts that is known decides; it may be both ("New York"). */
function readContext(store: Store, parts: readonly CityPart[], scope: Scope): Context {
  for (const { written, folded } of parts) {
    // What lies in an area is not known: "Manila, Luzon".
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
  // Beside a city only a place's own name counts: a park of that city may be called like another name of a village.
  const near = city !== undefined && rowsApartKm(store, row, city) <= NEAR_CITY_KM;
  return matchedBy !== 'alias' && (near || (region !== undefined && liesIn(store, row, region)));
}

/**
 * The region that a text names: by name, abbreviation or with its generic word ("Kano State"); the finer of two, inside
 * the coarser ("Orange County, California").
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
