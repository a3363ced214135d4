/** Geocodes a place between two others: "Between Lyon and Grenoble", "the road from Cusco to Puno". */
import { distanceKm } from '../core/distance.ts';
import { placeText } from '../core/place-text.ts';
import type { Place } from '../core/place.ts';
import { meanCoordinate } from '../core/sphere.ts';
import type { GeocodeResult } from './gazetteer.ts';

const BETWEEN =
  /^(?:(?:somewhere|midway|mid-way|halfway|half-way|half way|on the (?:road|way|route|highway)|(?:the )?(?:road|route|highway|motorway|railway|ferry|trail|path|pass|valley|coast)) )?between (?<first>.+?) (?:and|&) (?<second>.+)$/i;
const ROAD =
  /^(?:on |along )?(?:the )?(?:road|way|route|highway|motorway|railway|train|ferry|trail|path|drive) from (?<first>.+?) to (?<second>.+)$/i;

/** Maximum distance between the two places. The midpoint of places that are farther apart is too vague to be useful. */
const MAX_DISTANCE_KM = 800;

/**
 * Returns a region at the midpoint of the two cities that the text names, with a note that explains the choice. Returns
 * undefined for any other text.
 */
export function geocodeBetween(place: Place, geocode: (place: Place) => GeocodeResult): GeocodeResult | undefined {
  const match = BETWEEN.exec(place.city ?? '') ?? ROAD.exec(place.city ?? '');
  if (match === null) return undefined;
  const [first, second] = [match.groups!['first']!, match.groups!['second']!].map((city) =>
    geocode({ ...place, city }),
  );
  if (first?.kind !== 'found' || second?.kind !== 'found') return undefined;
  if (first.granularity !== 'city' || second.granularity !== 'city') return undefined;
  if (distanceKm(first.coordinate, second.coordinate) > MAX_DISTANCE_KM) return undefined;
  const { city: _, geonameId: __, region, ...shared } = first.place;
  return {
    ...first,
    place: { ...shared, ...(region !== undefined && region === second.place.region && { region }) },
    coordinate: meanCoordinate([first.coordinate, second.coordinate]),
    granularity: 'region',
    note: `The midpoint between ${placeText(first.place)} and ${placeText(second.place)}.`,
    candidates: [first.candidates[0]!, second.candidates[0]!],
  };
}
