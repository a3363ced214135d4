/** Formats located photos as GeoJSON (RFC 7946) and CSV. */
import { safeCells } from '../../core/csv-cell.ts';
import { placeText } from '../../core/place-text.ts';
import { stringify } from 'csv-stringify/sync';
import type { PhotoResult } from '../photo-result.ts';

/** Returns a FeatureCollection in the order of the photos. A photo without a position has a null geometry. */
export function formatGeoJson(results: readonly PhotoResult[]): string {
  return [...geoJsonParts(results)].join('');
}

/** Returns the text of `formatGeoJson` in parts, for files of many photos. */
export function geoJsonParts(results: readonly PhotoResult[]): Iterable<string> {
  return jsonParts({ type: 'FeatureCollection' }, { key: 'features', items: results, valueOf: featureOf });
}

type JsonList<T> = { readonly key: string; readonly items: readonly T[]; readonly valueOf: (item: T) => unknown };

/** Yields an indented JSON document in parts: the fields of `head`, a long list, the fields of `tail`. */
export function* jsonParts<T>(
  head: object,
  { key, items, valueOf }: JsonList<T>,
  tail: object = {},
): Generator<string> {
  const fields = (object: object): string => JSON.stringify(object, null, 2).slice(1, -2);
  yield `{${fields(head)},\n  ${JSON.stringify(key)}: [`;
  for (const [i, item] of items.entries()) {
    yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(valueOf(item), null, 2).replaceAll('\n', '\n    ')}`;
  }
  const end = items.length === 0 ? ']' : '\n  ]';
  yield Object.keys(tail).length === 0 ? `${end}\n}\n` : `${end},${fields(tail)}\n}\n`;
}

function featureOf(result: PhotoResult): object {
  const {
    coordinate,
    samples: _,
    ...properties
  } = result.kind === 'failed'
    ? { ...result, coordinate: undefined, samples: [] }
    : { coordinate: undefined, ...result };
  const position =
    coordinate === undefined
      ? null
      : { type: 'Point', coordinates: [coordinate.longitudeDegrees, coordinate.latitudeDegrees] };
  const name = result.kind === 'failed' ? '' : placeText(result.place, { region: true });
  return { type: 'Feature', geometry: position, properties: { name, ...properties } };
}

const COLUMNS = [
  'image',
  'kind',
  'country',
  'region',
  'city',
  'latitude',
  'longitude',
  'granularity',
  'confidence',
  'samples_agree',
  'samples',
  'spread_km',
  'radius_km',
  'probability_country',
  'probability_region',
  'probability_city',
  'position_from',
  'exif_latitude',
  'exif_longitude',
  'exif_distance_km',
  'taken_at',
  'reason',
  'reasoning',
] as const;

/**
 * Formats the results as CSV. Escapes texts that a spreadsheet would run as formulas, unless `keepFormulas` is true.
 */
export function formatCsv(results: readonly PhotoResult[], { keepFormulas = false } = {}): string {
  const rows = results.map(row);
  return stringify(keepFormulas ? rows : rows.map(safeCells), { header: true, columns: [...COLUMNS] });
}

function row(result: PhotoResult): Partial<Record<(typeof COLUMNS)[number], string | number | undefined>> {
  const { image, kind } = result;
  if (kind === 'failed') return { image, kind, reason: result.error.message };
  const { place, coordinate, exif } = result;
  return {
    image,
    kind,
    country: place?.country,
    region: place?.region,
    city: place?.city,
    latitude: coordinate?.latitudeDegrees,
    longitude: coordinate?.longitudeDegrees,
    granularity: result.granularity,
    confidence: result.confidence,
    samples_agree: result.agreement?.samples,
    samples: result.agreement?.of,
    spread_km: result.spreadKm,
    radius_km: result.radiusKm,
    probability_country: result.probability?.country,
    probability_region: result.probability?.region,
    probability_city: result.probability?.city,
    position_from: result.positionFrom,
    exif_latitude: exif?.coordinate?.latitudeDegrees,
    exif_longitude: exif?.coordinate?.longitudeDegrees,
    exif_distance_km: result.exifDistanceKm,
    taken_at: exif?.takenAt,
    reason: result.reason,
    reasoning: result.reasoning,
  };
}
