/**
 * Measures a prediction against the truth: computes the distance on the sphere, and compares places with the
 * gazetteer's matcher, as the rewards do. Names and positions repeat in real files, so the results of geocoding and
 * reverse geocoding are cached.
 */
import { defined } from '../core/defined.ts';
import { distanceKm } from '../core/distance.ts';
import type { Coordinate } from '../core/coordinate.ts';
import type { Place, PlaceMatch } from '../core/place.ts';
import type { Gazetteer, GeocodeResult } from '../gazetteer/gazetteer.ts';
import type { MeasuredOutcome, Outcome, Scene, Truth } from './outcome.ts';

export type OutcomeMeter = {
  /** Geocodes a place. The outcome is located, or notGeocodable with the reason. Rejects if a remote geocoder fails. */
  geocode(place: Place): Outcome | Promise<Outcome>;
  /** Geocodes free text that names a place, such as "Charleston, SC, USA". */
  geocodeText(text: string): Outcome | Promise<Outcome>;
  /** Returns the place around a position. */
  reverse(at: Coordinate): Place | undefined;
  /** True if the position is in the place's region or country. */
  contains(place: Place, at: Coordinate): boolean;
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

/**
 * Creates a meter that geocodes with `remote`, or with the gazetteer if `remote` is absent. The gazetteer always
 * compares places and does the reverse geocoding.
 */
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
    contains: (place, at) => gazetteer.contains(place, at),
    measure: (row) => {
      const { truth, outcome } = row;
      const truePlace = truth.place ?? reverse(truth.coordinate);
      // Country names repeat, so their codes are cached. The search by position is slow, so it comes last.
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

/** Returns the ISO code of a country by any of its names; undefined if the gazetteer does not know it. */
function codeOfCountry(gazetteer: Gazetteer, country: string): string | undefined {
  const found = country === '' ? undefined : gazetteer.geocode({ country });
  return found?.kind === 'found' && found.granularity === 'country' ? found.place.countryCode : undefined;
}

function outcomeOf(place: Place, result: GeocodeResult): Outcome {
  if (result.kind === 'notFound') return { kind: 'notGeocodable', reason: result.reason, place };
  const { coordinate, granularity, note } = result;
  // A note means that only the country or region was found. Keep the predicted names, and add the country code.
  const { countryCode } = result.place;
  const named = note === undefined ? result.place : { ...place, ...defined({ countryCode }) };
  return { kind: 'located', coordinate, place: named, granularity };
}

/** Returns the predicted place. If only a position was predicted, returns the place around it. */
function predictedPlace(outcome: Outcome, reverse: (at: Coordinate) => Place | undefined): Place | undefined {
  if (outcome.kind === 'located') return outcome.place ?? reverse(outcome.coordinate);
  return outcome.kind === 'notGeocodable' ? outcome.place : undefined;
}

/**
 * Compares the country and the city with the truth, if the truth states them. An answer without a place does not match.
 */
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
  // If the true label is not a known place ("Narnia"), no answer could match, so nothing is compared.
  const isMatched = agreement?.country === true || truePlace.countryCode !== undefined;
  if (!isMatched && !isKnown(truePlace)) return {};
  return {
    ...(truePlace.country !== '' && { countryMatch: agreement?.country ?? false }),
    ...(truePlace.city !== undefined && truePlace.city !== '' && { cityMatch: agreement?.city ?? false }),
  };
}

type Agreement = Pick<PlaceMatch, 'country' | 'city'>;

/**
 * Compares two gazetteer rows, first by id, then by country. If this does not decide, returns undefined, and the names
 * are compared instead.
 */
function sameRow(a: Place, b: Place): Agreement | undefined {
  if (!a.geonameId || !b.geonameId || a.countryCode === undefined || b.countryCode === undefined) return undefined;
  if (a.geonameId === b.geonameId) return { country: true, city: true };
  return a.countryCode === b.countryCode ? undefined : { country: false, city: false };
}

function placeKey({ country, countryCode = '', region = '', city = '', geonameId = 0 }: Place): string {
  return [country, countryCode, region, city, geonameId].join('|');
}

/** Maximum number of entries in a cache. It limits the memory if inputs, such as positions, rarely repeat. */
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
