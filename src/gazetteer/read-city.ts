/**
 * Reads the text in a city's place: "Soweto, Johannesburg", "Kyiv (outskirts)", "Kiev / Kyiv", "Downtown Austin, TX".
 * The finest part that is a known place is the place; the parts after it must hold it (a region) or be near
 * it (a city), so that a landmark that happens to be called like a village far away is not taken for it.
 */
import { leadingRegion, regionByAbbreviation, regionRow } from './country.ts';
import { type Candidate, candidatesMistyped, candidatesNamed, liesIn, rowsApartKm, type Scope } from './candidates.ts';
import { fold } from './fold.ts';
import { countryNamed, isRegion, type Store } from './store.ts';
import { formsOf, isUnspecified } from './words.ts';

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
type Lookup = (form: string, written: string) => readonly Candidate[];

/** The place that a city's text names within the scope; undefined where it names none. */
export function readCity(store: Store, text: string, scope: Scope): CityReading | undefined {
  const named: Lookup = (form, written) => candidatesNamed(store, form, scope, written);
  const name = fold(text);
  const whole = named(name, text);
  if (whole.length > 0) return cityInRegion(store, name, whole, scope) ?? { candidates: whole, name };
  return readParts(store, text, scope, named, formsOf);
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
  text: string,
  scope: Scope & { readonly country: number },
): CityReading | undefined {
  const mistyped: Lookup = (form) => candidatesMistyped(store, form, scope);
  // Errors and qualifiers at once are left alone, except for the qualifiers of the whole (the first few forms).
  return readParts(store, text, scope, mistyped, (folded) => formsOf(folded).slice(0, 3));
}

function readParts(
  store: Store,
  text: string,
  scope: Scope,
  lookup: Lookup,
  forms: (folded: string) => readonly string[],
): CityReading | undefined {
  const parts = partsOf(store, text, scope);
  for (const [i, part] of parts.entries()) {
    const context = readContext(store, parts.slice(i + 1), scope);
    for (const alternative of part.split(/\s*[/|]\s*|\s+(?:or|aka)\s+/i)) {
      for (const name of forms(fold(alternative))) {
        const candidates = lookup(name, alternative).filter((candidate) => fits(store, candidate, context));
        if (candidates.length === 0) continue;
        return { candidates, name, ...(context.city !== undefined && { around: context.city }) };
      }
    }
  }
  return undefined;
}

/** The parts between commas, and then those in parentheses; without the country itself and without "unknown". */
function partsOf(store: Store, text: string, { country }: Scope): string[] {
  const inside = [...text.matchAll(/[([]([^)\]]*)[)\]]/g)].map((match) => match[1]!);
  const outside = text.replaceAll(/[([][^)\]]*[)\]]?/g, ' ').split(/[,;]/);
  const parts = [...outside, ...inside].map((part) => part.trim()).filter((part) => !isUnspecified(part));
  const code = country === undefined ? undefined : store.countries[country]!.code;
  const finer = parts.filter((part) => code === undefined || countryNamed(store, fold(part))?.code !== code);
  return finer.length === 0 ? parts : finer;
}

/** What is named after a part: a region that holds it, a city that it is near to, or nothing known. */
type Context = { readonly region?: number; readonly city?: number };

/** The first of the following parts that is known decides; it may be both ("New York"). */
function readContext(store: Store, parts: readonly string[], scope: Scope): Context {
  for (const part of parts) {
    const region = regionNamed(store, part, scope);
    const city = candidatesNamed(store, fold(part), scope, part).find(({ row }) => !isRegion(store, row))?.row;
    if (region !== undefined || city !== undefined) {
      return { ...(region !== undefined && { region }), ...(city !== undefined && { city }) };
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

/** The region that a part names, by name, abbreviation or with its generic word ("Kano State"). */
export function regionNamed(store: Store, text: string, { country }: Scope): number | undefined {
  if (country === undefined) return leadingRegion(store, fold(text));
  const abbreviated = regionByAbbreviation(store, country, text);
  if (abbreviated !== undefined) return abbreviated;
  for (const form of formsOf(fold(text))) {
    const region = regionRow(store, country, form);
    if (region !== undefined) return region;
  }
  return undefined;
}
