/**
 * Measures a prediction against the truth: computes the distance on the sphere, and compares places with the
 * gazetteer's matcher, as the rewards do. Names and positions repeat in real files, so geocoding and reverse geocoding
 * are cached.
 */
import { defined } from '../core/defined.ts';
import { distanceKm } from '../core/distance.ts';
import type { Coordinate } from '../core/coordinate.ts';
import type { Place, PlaceMatch } from '../core/place.ts';
import type { Gazetteer, GeocodeResult } from '../gazetteer/gazetteer.ts';
import type { MeasuredOutcome, Outcome, Scene, Truth } from './outcome.ts';

export type OutcomeMeter = {
  /** Geocodes a named place: located, or notGeocodable with the reason. Rejects if a remote geocoder fails. */
  geocode(place: Place): Outcome | Promise<Outcome>;
  /** Geocodes free text that names a place ("Charleston, SC, USA"). */
  geocodeText(text: string): Outcome | Promise<Outcome>;
  /** The place around a position. */
  reverse(at: Coordinate): Place | undefined;
  measure(row: OutcomeRow): MeasuredOutcome;
};

export type OutcomeRow = {
  readonly id: string;
  readonly truth: Truth;
  readonly outcome: Outcome;
  readonly scene?: Scene;
  readonly author?: string;
  readonly confidence?: number;
};

/** Geocodes places with a service instead of the gazetteer. */
export type RemoteGeocode = (place: Place) => Promise<GeocodeResult>;

/** Geocodes with `remote`, if present, else with the gazetteer, which always compares places and reverse-geocodes. */
export function createOutcomeMeter(gazetteer: Gazetteer, remote?: RemoteGeocode): OutcomeMeter {
  const geocode = memoize(
    (place: Place): Outcome | Promise<Outcome> =>
      remote === undefined
        ? outcomeOf(place, gazetteer.geocode(place))
        : remote(place).then((result) => outcomeOf(place, result)),
    placeKey,
  );
  const reverse = memoize(
    (at: Coordinate) => gazetteer.reverse(at),
    (at) => `${at.latitudeDegrees},${at.longitudeDegrees}`,
  );
  const codeOf = memoize(
    (country: string) => codeOfCountry(gazetteer, country),
    (country) => country,
  );
  const match = memoize(
    ([a, b]: readonly [Place, Place]) => gazetteer.match(a, b),
    ([a, b]) => `${placeKey(a)}\n${placeKey(b)}`,
  );
  const isKnown = memoize((place: Place) => gazetteer.geocode(place).kind === 'found', placeKey);
  const geocodeText = memoize(
    (text: string): Outcome | Promise<Outcome> => {
      const place = gazetteer.parsePlace(text);
      return place === undefined ? { kind: 'notGeocodable', reason: `no known place in "${text}"` } : geocode(place);
    },
    (text) => text,
  );
  return {
    geocode,
    geocodeText,
    reverse,
    measure: (row) => {
      const { truth, outcome } = row;
      const truePlace = truth.place ?? reverse(truth.coordinate);
      // Country names repeat, so they are cached; the search by position is slow and comes last.
      const countryCode =
        truePlace?.countryCode ?? codeOf(truePlace?.country ?? '') ?? reverse(truth.coordinate)?.countryCode;
      return {
        ...row,
        ...(outcome.kind === 'located' && { distanceKm: distanceKm(truth.coordinate, outcome.coordinate) }),
        ...defined({ countryCode }),
        ...matchesOf({ truePlace, predicted: predictedPlace(outcome, reverse), match, isKnown }),
      };
    },
  };
}

/** ISO code of a country by any of its names; undefined if the gazetteer does not know it. */
function codeOfCountry(gazetteer: Gazetteer, country: string): string | undefined {
  const found = country === '' ? undefined : gazetteer.geocode({ country });
  return found?.kind === 'found' && found.granularity === 'country' ? found.place.countryCode : undefined;
}

function outcomeOf(place: Place, result: GeocodeResult): Outcome {
  if (result.kind === 'notFound') return { kind: 'notGeocodable', reason: result.reason, place };
  const { coordinate, granularity, note } = result;
  // If only its country or region was found, keep the predicted names and add the country code that was found.
  const { countryCode } = result.place;
  const named = note === undefined ? result.place : { ...place, ...defined({ countryCode }) };
  return { kind: 'located', coordinate, place: named, granularity };
}

/** The predicted place; for a position without a place, the place there. */
function predictedPlace(outcome: Outcome, reverse: (at: Coordinate) => Place | undefined): Place | undefined {
  if (outcome.kind === 'located') return outcome.place ?? reverse(outcome.coordinate);
  return outcome.kind === 'notGeocodable' ? outcome.place : undefined;
}

/** Compares the countries and cities that the truth states. An answer without a place does not match. */
function matchesOf({
  truePlace,
  predicted,
  match,
  isKnown,
}: {
  truePlace: Place | undefined;
  predicted: Place | undefined;
  match: (pair: readonly [Place, Place]) => Agreement;
  isKnown: (place: Place) => boolean;
}): { countryMatch?: boolean; cityMatch?: boolean } {
  if (truePlace === undefined) return {};
  const agreement =
    predicted === undefined ? undefined : (sameRow(predicted, truePlace) ?? match([predicted, truePlace]));
  // No answer could match a label that is not a known place ("Narnia"), so nothing is compared.
  const isMatched = agreement?.country === true || truePlace.countryCode !== undefined;
  if (!isMatched && !isKnown(truePlace)) return {};
  return {
    ...(truePlace.country !== '' && { countryMatch: agreement?.country ?? false }),
    ...(truePlace.city !== undefined && truePlace.city !== '' && { cityMatch: agreement?.city ?? false }),
  };
}

type Agreement = Pick<PlaceMatch, 'country' | 'city'>;

/** Compares two gazetteer rows by id, then by country. Undefined if these cannot decide: then names are compared. */
function sameRow(a: Place, b: Place): Agreement | undefined {
  if (!a.geonameId || !b.geonameId || a.countryCode === undefined || b.countryCode === undefined) return undefined;
  if (a.geonameId === b.geonameId) return { country: true, city: true };
  return a.countryCode === b.countryCode ? undefined : { country: false, city: false };
}

function placeKey({ country, countryCode = '', region = '', city = '', geonameId = 0 }: Place): string {
  return [country, countryCode, region, city, geonameId].join('|');
}

/** Maximum entries of a cache, to limit its memory when inputs such as positions rarely repeat. */
const MAX_REMEMBERED = 20_000;

function memoize<Input, Output>(
  compute: (input: Input) => Output,
  key: (input: Input) => string,
): (input: Input) => Output {
  const known = new Map<string, Output>();
  return (input) => {
    const name = key(input);
    const before = known.get(name);
    if (before !== undefined || known.has(name)) return before as Output;
    const result = compute(input);
    if (known.size === MAX_REMEMBERED) known.clear();
    known.set(name, result);
    return result;
  };
}
