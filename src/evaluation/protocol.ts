/**
 * Describes how a result was measured. The geocoder, the prompt and the denominator can change a result by ten points,
 * so every result is printed with this description.
 */
import { defined } from '../core/defined.ts';
import { EARTH_RADIUS_KM } from '../core/distance.ts';
import type { Provenance } from '../gazetteer/gazetteer.ts';
import { PREFERENCE_WORDS } from '../locator/preferred-position.ts';
import type { Columns } from './columns.ts';
import type { Reading } from './score-file.ts';

export type Protocol = {
  readonly file: string;
  readonly truthFile?: string;
  readonly from: string;
  readonly geocoder: string;
  readonly denominator: string;
  readonly failures: string;
  readonly distance: string;
  readonly intervals: string;
  readonly medianAndMean: string;
  readonly geoScore: string;
  readonly placeMatch: string;
  readonly columns: Columns;
  /** The columns of the truth and of the predictions, in one line. */
  readonly columnsRead: string;
  readonly notes: readonly string[];
};

/** How this program made the predictions. */
export type Making = {
  readonly from: string;
  readonly geocoder: Provenance;
  readonly notes: readonly string[];
};

export type ProtocolFacts = {
  readonly geocoder: Provenance;
  readonly n: number;
  /** True if the result has intervals from resampling whole owners. */
  readonly clustered: boolean;
  readonly making?: Making;
};

export function protocolOf(reading: Reading, { geocoder, n, clustered, making }: ProtocolFacts): Protocol {
  const ownPositions = making === undefined && reading.from === 'coordinates';
  return {
    file: reading.file,
    ...defined({ truthFile: reading.truthFile }),
    from: making?.from ?? sourceWords(reading),
    geocoder: ownPositions ? "none: the coordinates are the file's own" : providerOf(making?.geocoder ?? geocoder),
    denominator: denominatorOf(reading, n),
    failures: failuresOf(reading),
    distance: `great circle, R = ${EARTH_RADIUS_KM} km; a prediction counts at a threshold when its distance is at most that`,
    intervals: clustered
      ? '95 %: Wilson; byOwner: percentile bootstrap of whole owners, 2,000 resamples (fewer above 10,000 owners), seeded'
      : '95 %: Wilson score',
    medianAndMean: 'over the answered rows alone',
    geoScore: 'mean of 5000·exp(−d / 1492.7 km) over all n; a row without a position earns no points',
    placeMatch: `predicted place against the true one (from ${reading.truePlaces}) by the gazetteer's matcher, over the rows whose true place is known`,
    columns: reading.columns,
    columnsRead: columnsRead(reading),
    notes: [...(making?.notes ?? []), ...notesOf(reading)],
  };
}

const PREDICTION_ROLES = {
  coordinates: ['predictedLatitude', 'predictedLongitude', 'predictedCity', 'predictedCountry'],
  text: ['predictedCity', 'predictedCountry', 'predictedPlace'],
  completion: ['completion'],
} as const satisfies Record<Reading['from'], readonly (keyof Columns)[]>;

/** Names the columns of the truth and of the predictions, because a wrong guess of a column changes every figure. */
function columnsRead({ from, columns, truthColumns, truthFile }: Reading): string {
  const listed = (source: Columns, roles: readonly (keyof Columns)[]): string =>
    roles.flatMap((role) => (source[role] === undefined ? [] : [`"${source[role]}"`])).join(', ');
  const truth = listed(truthColumns, ['latitude', 'longitude', 'city', 'country']);
  const ids = truthFile === undefined ? '' : `; joined by ${listed(columns, ['id'])}`;
  return `truth ${truth}; prediction ${listed(columns, PREDICTION_ROLES[from])}${ids}`;
}

function providerOf({ provider, version }: Provenance): string {
  return `${provider} ${version}`;
}

function sourceWords({ from, prefer }: Reading): string {
  const words = {
    coordinates: "coordinates: the file's predicted positions",
    text: 'text: the predicted place names, geocoded',
    completion: `completion: the raw text of the model, parsed, then geocoded; ${PREFERENCE_WORDS[prefer]}`,
  } satisfies Record<Reading['from'], string>;
  return words[from];
}

function denominatorOf(
  { rows, noTruth, missing, missingRows, failures, unscoredRows = 0 }: Reading,
  n: number,
): string {
  const parts = [`${count(n)} of the file's ${count(rows)} rows`];
  if (noTruth > 0) parts.push(`${count(noTruth)} without a true position left out`);
  if (failures === 'excluded') parts.push('failed rows left out');
  if (unscoredRows > 0) parts.push(`${count(unscoredRows)} failed images left out`);
  if (missingRows > 0) {
    parts.push(
      missing === 'as-misses'
        ? `${count(missingRows)} images without a row added as failed`
        : `${count(missingRows)} images of the benchmark have no row and are left out`,
    );
  }
  return parts.join('; ');
}

function failuresOf(reading: Reading): string {
  const parts = [...recordedFailuresOf(reading), ...failedRowsOf(reading)];
  return parts.length === 0 ? 'no row records a failure' : parts.join('; ');
}

function failedRowsOf({ failedRows = 0, unscoredRows = 0, failures }: Reading): string[] {
  const missed = failures === 'excluded' ? 0 : failedRows - unscoredRows;
  const treatments = [
    ...(missed === 0 ? [] : [`${count(missed)} counted as misses, under failed`]),
    ...(missed === failedRows ? [] : [`${count(failedRows - missed)} left out`]),
  ];
  return failedRows === 0 ? [] : [`${count(failedRows)} rows have the status failed: ${treatments.join(', ')}`];
}

function recordedFailuresOf({ recordedFailures, failures }: Reading): string[] {
  if (recordedFailures === 0) return [];
  const treatment = {
    'as-given': 'counted with the position or text that they give',
    'as-misses': 'counted as misses, under failed',
    excluded: 'left out',
  }[failures];
  return [`${count(recordedFailures)} rows record a failure (success is false, or the position is 0, 0): ${treatment}`];
}

function notesOf({ recordedFailures, failures, repeatedIds, swapped }: Reading): string[] {
  const notes = ['1 km from the centre of a city says little when places, not positions, were predicted.'];
  if (swapped) {
    notes.push(
      'Warning: with latitude and longitude swapped, most predictions would be near the truth. Check the columns; name them with --column predictedLatitude=HEADER --column predictedLongitude=HEADER.',
    );
  }
  if (recordedFailures > 0 && failures === 'as-given') {
    notes.push(
      `${count(recordedFailures)} recorded failures were counted as predictions; --failures as-misses counts them as failed.`,
    );
  }
  if (repeatedIds > 0) {
    notes.push(`${count(repeatedIds)} rows repeat the id of an earlier row; each row counts.`);
  }
  return notes;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
