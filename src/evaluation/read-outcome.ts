/**
 * One row of somebody's predictions to an Outcome, in the three ways a file can be read: its coordinates, its place
 * names, or the raw text of the model. The ways are never mixed: what the chosen one cannot read is counted, not guessed.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import { cleanValue } from '../core/answer-grammar/fields.ts';
import { isCoordinate } from '../core/coordinate.ts';
import type { Coordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import { invalidInput } from '../core/errors.ts';
import type { Columns } from './columns.ts';
import type { OutcomeMeter } from './outcome-meter.ts';
import type { Outcome } from './outcome.ts';

export const SOURCES = ['coordinates', 'text', 'completion'] as const;

export type Source = (typeof SOURCES)[number];

/** The cell of a role in one row; empty where the file has no such column. */
export type Cells = (role: keyof Columns) => string;

export async function readOutcome(source: Source, cells: Cells, meter: OutcomeMeter): Promise<Outcome> {
  const status = cells('status').trim();
  // A run of our own says what became of the image; a request that failed has nothing to read, however it is read.
  if (status === 'failed') return { kind: 'failed', reason: cells('reason') || 'the file says failed' };
  if (source === 'coordinates' && isKindWithoutPosition(status)) return { kind: status, reason: cells('reason') };
  switch (source) {
    case 'coordinates':
      return fromCoordinates(cells);
    case 'text':
      return fromText(cells, meter);
    case 'completion':
      return fromCompletion(cells('completion'), meter);
  }
}

/** Throws `invalid-input` when the file lacks the columns that the source reads. */
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
    `No column was recognised to read ${source} from; the columns are: ${headers.join(', ')}.`,
    `Name it: --column ${roles[source]}`,
  );
}

/**
 * Parses the model's text, then geocodes the place. The model's own position counts only where it names no place that
 * is known, as in the generative locator; its granularity says so.
 */
async function fromCompletion(text: string, meter: OutcomeMeter): Promise<Outcome> {
  if (text.trim() === '') return { kind: 'failed', reason: 'empty completion' };
  const answer = parseAnswer(text);
  switch (answer.kind) {
    case 'place': {
      const found = await meter.geocode(answer.place);
      return found.kind === 'located' || answer.coordinate === undefined ? found : bare(answer.coordinate);
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
  const latitudeDegrees = numberOf(latitude);
  const longitudeDegrees = numberOf(longitude);
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

/** City and country columns; a cell that says "unknown" names nothing. */
function namedPlace(cells: Cells): Place | undefined {
  const [city, country] = [cells('predictedCity').trim(), cells('predictedCountry').trim()].map((cell) =>
    isUnknown(cell) ? '' : cell,
  ) as [string, string];
  if (city === '' && country === '') return undefined;
  return { country, ...(city !== '' && { city }) };
}

/** Words with which models and pipelines write "no answer" into a place's column, as the answer grammar knows them. */
function isUnknown(text: string): boolean {
  return cleanValue(text) === null;
}

function isKindWithoutPosition(status: string): status is 'refused' | 'unparseable' | 'notGeocodable' {
  return status === 'refused' || status === 'unparseable' || status === 'notGeocodable';
}

/** The cell of a number; words with which programs write "none" (pandas, databases) are an empty cell. */
export function numeral(cell: string): string {
  const text = cell.trim();
  return /^(nan|null|none|n\/?a|<na>)$/i.test(text) ? '' : text;
}

/** A number as the whole cell, or NaN; `Number` alone reads an empty cell as 0. */
function numberOf(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
