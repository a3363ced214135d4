/** Builds the metadata tables of a world, in MP-16's layout. */
import { stringify } from 'csv-stringify/sync';
import { random as seeded } from '../core/random.ts';
import { SETTINGS } from './stage.ts';
import type { SceneTruth } from './truth.ts';

/** MP-16's columns (without its finer scene classes), MP16-Reason-Test's columns for the place, and the licence. */
const COLUMNS = [
  'IMG_ID',
  'AUTHOR',
  'LAT',
  'LON',
  'S3_Label',
  'Prob_indoor',
  'Prob_natural',
  'Prob_urban',
  'city',
  'country',
  'licence',
];

function metadataRow(truth: SceneTruth): Record<string, string | number> {
  const label = SETTINGS.indexOf(truth.setting);
  // The probabilities imitate a scene classifier, which is confident about the setting, but never certain.
  const random = seeded(Number.parseInt(truth.sha256.slice(0, 8), 16));
  const sure = 0.6 + 0.38 * random.next();
  const rest = random.next() * (1 - sure);
  const others = [rest, 1 - sure - rest];
  const probabilities = SETTINGS.map((_, i) => Math.round((i === label ? sure : others.pop()!) * 1e6) / 1e6);
  return {
    IMG_ID: truth.id,
    AUTHOR: truth.owner,
    LAT: truth.latitudeDegrees,
    LON: truth.longitudeDegrees,
    S3_Label: label,
    Prob_indoor: probabilities[0]!,
    Prob_natural: probabilities[1]!,
    Prob_urban: probabilities[2]!,
    city: truth.city,
    country: truth.country,
    licence: truth.licence,
  };
}

/** CSV with a header line. */
export function metadataTable(scenes: readonly SceneTruth[]): string {
  return stringify(scenes.map(metadataRow), { header: true, columns: COLUMNS });
}
