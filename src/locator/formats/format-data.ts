/** Formats located photos as GeoJSON (RFC 7946) and CSV. */
import { safeCells } from '../../core/csv-cell.ts';
import { placeText } from '../../core/place-text.ts';
import { stringify } from 'csv-stringify/sync';
import type { PhotoResult } from '../photo-result.ts';

/** Returns a FeatureCollection in the order of the photos. A photo without a position has a null geometry. */
export function formatGeoJson(results: readonly PhotoResult[]): string {
  const features = results.map((result) => {
    const {
      coordinate,
      samples: _,
      ...properties
    } = result.kind === 'failed'
      ? { ...result, coordinate: undefined, samples: [] }
      : { coordinate: undefined, ...result };
    return {
      type: 'Feature',
      geometry:
        coordinate === undefined
          ? null
          : { type: 'Point', coordinates: [coordinate.longitudeDegrees, coordinate.latitudeDegrees] },
      properties: {
        name: result.kind === 'failed' ? '' : placeText(result.place, { region: true }),
        ...properties,
      },
    };
  });
  return `${JSON.stringify({ type: 'FeatureCollection', features }, null, 2)}\n`;
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
