/**
 * Reads one row of predictions as an Outcome, from one source: its coordinates, its place names, or the raw text of the
 * model. If that source is unreadable, the row counts as unparseable or failed. Other sources are not tried.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import { cleanValue } from '../core/answer-grammar/fields.ts';
import { isCoordinate } from '../core/coordinate.ts';
import type { Coordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import { invalidInput } from '../core/errors.ts';
import { prefersStated } from '../locator/preferred-position.ts';
import type { Preference } from '../locator/preferred-position.ts';
import type { Columns } from './columns.ts';
import { degreesOf, recordsError } from './degrees-cell.ts';
import type { OutcomeMeter } from './outcome-meter.ts';
import type { Outcome } from './outcome.ts';

export const SOURCES = ['coordinates', 'text', 'completion'] as const;

export type Source = (typeof SOURCES)[number];

/** Returns the row's cell for a role, or "" if no column has the role. */
export type Cells = (role: keyof Columns) => string;

export type Reader = { readonly source: Source; readonly meter: OutcomeMeter; readonly prefer?: Preference };

export async function readOutcome(cells: Cells, { source, meter, prefer = 'place' }: Reader): Promise<Outcome> {
  const status = cells('status').trim();
  // `globe evaluate` records a status for each image. A failed request has no answer in any source.
  if (status === 'failed') return { kind: 'failed', reason: cells('reason') || 'the file has the status failed' };
  if (source === 'coordinates' && isKindWithoutPosition(status)) return { kind: status, reason: cells('reason') };
  switch (source) {
    case 'coordinates':
      return fromCoordinates(cells);
    case 'text':
      return fromText(cells, meter);
    case 'completion':
      return fromCompletion(cells('completion'), { meter, prefer });
  }
}

/** Throws `invalid-input` if the file lacks the columns that the source needs. */
export function assertReadable(
  source: Source,
  { columns, headers }: { readonly columns: Columns; readonly headers: readonly string[] },
): void {
  const needed = {
    coordinates: columns.predictedLatitude !== undefined && columns.predictedLongitude !== undefined,
    text: (columns.predictedCity ?? columns.predictedCountry ?? columns.predictedPlace) !== undefined,
    completion: columns.completion !== undefined,
  } satisfies Record<Source, boolean>;
  if (needed[source]) return;
  const roles = {
    coordinates: 'predictedLatitude=HEADER --column predictedLongitude=HEADER',
    text: 'predictedCity=HEADER --column predictedCountry=HEADER (or predictedPlace=HEADER)',
    completion: 'completion=HEADER',
  } satisfies Record<Source, string>;
  throw invalidInput(
    `No column was recognised for --from ${source}; the columns are: ${headers.join(', ')}.`,
    `Name the column with --column ${roles[source]}.`,
  );
}

/**
 * Parses the model's text, then geocodes the place. If the model also states a position, `prefer` chooses between the
 * two, as in the generative locator. A stated position has the granularity 'coordinate'.
 */
async function fromCompletion(
  text: string,
  { meter, prefer }: Required<Pick<Reader, 'meter' | 'prefer'>>,
): Promise<Outcome> {
  if (text.trim() === '') return { kind: 'failed', reason: 'empty completion' };
  const answer = parseAnswer(text);
  switch (answer.kind) {
    case 'place': {
      const found = await meter.geocode(answer.place);
      if (answer.coordinate === undefined) return found;
      if (found.kind !== 'located') return bare(answer.coordinate);
      if (!prefersStated(answer.coordinate, { found, prefer, gazetteer: meter })) return found;
      return { ...found, coordinate: answer.coordinate, granularity: 'coordinate' };
    }
    case 'coordinate':
      return bare(answer.coordinate);
    case 'refusal':
      return { kind: 'refused', reason: answer.reasoning.slice(0, 200) };
    case 'unparseable':
      return { kind: 'unparseable', reason: answer.reason };
  }
}

function bare(coordinate: Coordinate): Outcome {
  return { kind: 'located', coordinate, granularity: 'coordinate' };
}

function fromCoordinates(cells: Cells): Outcome {
  const latitude = numeral(cells('predictedLatitude'));
  const longitude = numeral(cells('predictedLongitude'));
  if (latitude === '' && longitude === '') return { kind: 'failed', reason: 'no position in the file' };
  const latitudeDegrees = degreesOf(latitude, 'latitude');
  const longitudeDegrees = degreesOf(longitude, 'longitude');
  const recorded = [latitude, longitude].find(recordsError);
  if (recorded !== undefined) return { kind: 'failed', reason: `the file records: ${recorded.slice(0, 200)}` };
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    return { kind: 'unparseable', reason: `not a position: "${latitude}", "${longitude}"` };
  }
  const place = namedPlace(cells);
  return {
    kind: 'located',
    coordinate: { latitudeDegrees, longitudeDegrees },
    granularity: 'coordinate',
    ...defined({ place }),
  };
}

function fromText(cells: Cells, meter: OutcomeMeter): Outcome | Promise<Outcome> {
  const text = cells('predictedPlace').trim();
  const written = [cells('predictedCity'), cells('predictedCountry'), text].filter((cell) => cell.trim() !== '');
  if (written.length === 0) return { kind: 'failed', reason: 'no place in the file' };
  const place = namedPlace(cells);
  if (place !== undefined) return meter.geocode(place);
  return text === '' || isUnknown(text)
    ? { kind: 'refused', reason: `the place is "${written.join(', ')}"` }
    : meter.geocodeText(text);
}

/** Returns the place in the city and country columns. A cell with "unknown" counts as empty. */
function namedPlace(cells: Cells): Place | undefined {
  const [city, country] = [cells('predictedCity').trim(), cells('predictedCountry').trim()].map((cell) =>
    isUnknown(cell) ? '' : cell,
  ) as [string, string];
  if (city === '' && country === '') return undefined;
  return { country, ...(city !== '' && { city }) };
}

/** True for the words that mean "no answer", as defined by the answer grammar. */
function isUnknown(text: string): boolean {
  return cleanValue(text) === null;
}

function isKindWithoutPosition(status: string): status is 'refused' | 'unparseable' | 'notGeocodable' {
  return status === 'refused' || status === 'unparseable' || status === 'notGeocodable';
}

/** Returns the trimmed cell, or "" for a word that means a missing value, such as NaN (pandas) or null (databases). */
export function numeral(cell: string): string {
  const text = cell.trim();
  return /^(nan|null|none|n\/?a|<na>)$/i.test(text) ? '' : text;
}
