/**
 * Geocodes a place offline. Converts the reading from read-place.ts into a result with position, granularity,
 * candidates and provenance.
 */
import { fold } from './fold.ts';
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import type { Candidate } from './candidates.ts';
import type { GeocodeCandidate, GeocodeResult, Provenance } from './gazetteer.ts';
import type { Reading, ReadPlace } from './reading.ts';
import { coordinateOf, featureOf, isRegion, placeOfRow, placeOfCountry, type Store } from './store.ts';

const MAX_CANDIDATES = 5;

export type GeocodeOptions = { readonly read: ReadPlace; readonly provenance: Provenance };

export function geocode(store: Store, place: Place, { read, provenance }: GeocodeOptions): GeocodeResult {
  const reading = read(place);
  if (reading.kind === 'notFound') return { ...reading, provenance };
  if (reading.kind === 'country') return countryResult(reading, provenance);
  const best = reading.candidates[0]!;
  const query = place.city ?? place.region ?? place.country;
  return {
    kind: 'found',
    place: placeOfRow(store, best.row),
    coordinate: coordinateOf(store, best.row),
    granularity: isRegion(store, best.row) ? 'region' : 'city',
    matchedBy: best.matchedBy,
    ...(reading.name !== fold(query) && { interpretedAs: reading.name }),
    ...defined({ note: reading.note, corrected: reading.corrected }),
    candidates: reading.candidates.slice(0, MAX_CANDIDATES).map((candidate) => candidateResult(store, candidate)),
    provenance,
  };
}

function candidateResult(store: Store, { row, matchedBy }: Candidate): GeocodeCandidate {
  return {
    place: placeOfRow(store, row),
    coordinate: coordinateOf(store, row),
    matchedBy,
    population: store.sections.population[row]!,
    feature: featureOf(store, row),
  };
}

function countryResult(reading: Reading & { kind: 'country' }, provenance: Provenance): GeocodeResult {
  const { country, matchedBy, note, corrected } = reading;
  const { latitudeDegrees, longitudeDegrees, population } = country;
  const found = { place: placeOfCountry(country), coordinate: { latitudeDegrees, longitudeDegrees }, matchedBy };
  return {
    kind: 'found',
    ...found,
    granularity: 'country',
    ...defined({ note, corrected }),
    candidates: [{ ...found, population, feature: 'PCLI' }],
    provenance,
  };
}
