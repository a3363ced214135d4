/**
 * Detects columns that were read wrongly: unreadable cells, swapped coordinates, or true places read as predictions.
 */
import { isCoordinate } from '../core/coordinate.ts';
import { distanceKm } from '../core/distance.ts';
import { invalidInput } from '../core/errors.ts';
import type { Place } from '../core/place.ts';
import { headerKey } from '../storage/named-columns.ts';
import { AMBIGUOUS_HEADERS } from './columns.ts';
import type { Columns } from './columns.ts';
import { degreesOf } from './degrees-cell.ts';
import type { Outcome, Truth } from './outcome.ts';
import type { Cells, Source } from './read-outcome.ts';

/** A prediction within this distance of the truth suggests that its columns were read correctly. */
const MAX_FIT_KM = 200;
/** A predicted place within this distance of the true position could be the true place itself. */
const MAX_SAME_PLACE_KM = 25;
/** Minimum number of rows for detection. */
const MIN_ROWS = 3;
const SHOWN_CELLS = 3;

export type DoubtsOptions = {
  readonly file: string;
  readonly from: Source;
  readonly columns: Columns;
  readonly overrides: Columns | undefined;
  /** True if the truth is in the same file as the predictions. */
  readonly sameFile: boolean;
};

type Seen = { readonly cells: Cells; readonly truth: Truth; readonly outcome: Outcome; readonly failed: boolean };

export function columnDoubts({ file, from, columns, overrides, sameFile }: DoubtsOptions) {
  const unreadable: string[] = [];
  const count = { written: 0, fits: 0, swappedFits: 0 };
  const suspect = suspectColumn({ file, from, columns, overrides, sameFile });
  const agreement = { rows: 0, withPosition: 0, withLabel: 0 };
  return {
    add: ({ cells, truth, outcome, failed }: Seen): void => {
      if (suspect !== undefined) {
        const isNear =
          outcome.kind === 'located' && distanceKm(truth.coordinate, outcome.coordinate) <= MAX_SAME_PLACE_KM;
        agreement.rows += 1;
        agreement.withPosition += Number(isNear);
        agreement.withLabel += Number(isLabel(cells(suspect.role), truth.place));
      }
      // Rows with a status come from `globe evaluate`, which already records unreadable answers.
      if (from !== 'coordinates' || failed || outcome.kind === 'failed' || cells('status') !== '') return;
      const [latitude, longitude] = [cells('predictedLatitude'), cells('predictedLongitude')];
      const swapped = {
        latitudeDegrees: degreesOf(longitude, 'latitude'),
        longitudeDegrees: degreesOf(latitude, 'longitude'),
      };
      const fits = outcome.kind === 'located' && distanceKm(truth.coordinate, outcome.coordinate) <= MAX_FIT_KM;
      const swappedFits =
        isCoordinate(swapped.latitudeDegrees, swapped.longitudeDegrees) &&
        distanceKm(truth.coordinate, swapped) <= MAX_FIT_KM;
      count.written += 1;
      count.fits += Number(fits);
      count.swappedFits += Number(swappedFits);
      if (outcome.kind === 'unparseable' && !swappedFits) unreadable.push(`"${latitude}", "${longitude}"`);
    },
    swapped: (): boolean =>
      count.written >= MIN_ROWS && 2 * count.swappedFits > count.written && 4 * count.fits < count.swappedFits,
    /** Throws `invalid-input` if most cells are unreadable, or if the predictions seem to be the true places. */
    assertPlausible: (): void => {
      if (count.written >= MIN_ROWS && 2 * unreadable.length > count.written) {
        throw invalidInput(
          `${unreadable.length} of ${count.written} predicted positions of ${file} cannot be read: ${unreadable.slice(0, SHOWN_CELLS).join('; ')}.`,
          'Write degrees such as 48.8566, or name the right columns with --column predictedLatitude=HEADER --column predictedLongitude=HEADER.',
        );
      }
      const { rows, withPosition, withLabel } = agreement;
      if (suspect === undefined || rows < MIN_ROWS || Math.max(withPosition, withLabel) < rows) return;
      const { role, header, other = 'HEADER' } = suspect;
      throw invalidInput(
        `The column "${header}" of ${file} agrees with every true ${withPosition === rows ? 'position' : 'place'}, so it seems to hold the true places.`,
        `Name the column of the predictions with --column ${role}=${other}. If it is this column, confirm with --column ${role}=${header}.`,
      );
    },
  };
}

type Suspect = {
  readonly role: 'predictedPlace' | 'completion';
  readonly header: string;
  /** Another column that may hold the predictions. */
  readonly other: string | undefined;
};

/** Returns the column of predictions if it was guessed from a header that may also mean the truth. */
function suspectColumn({ from, columns, overrides, sameFile }: DoubtsOptions): Suspect | undefined {
  if (from === 'coordinates' || !sameFile) return undefined;
  const role = from === 'text' ? 'predictedPlace' : 'completion';
  const header = columns[role];
  const isNamed = from === 'text' && (columns.predictedCity ?? columns.predictedCountry) !== undefined;
  if (isNamed || header === undefined || overrides?.[role] !== undefined) return undefined;
  if (!AMBIGUOUS_HEADERS.has(headerKey(header))) return undefined;
  return { role, header, other: [columns.completion, columns.predictedPlace].find((name) => name !== header) };
}

const letters = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** True if the cell repeats the row's true city or country, or both. */
function isLabel(cell: string, place: Place | undefined): boolean {
  if (place === undefined || letters(cell) === '') return false;
  const { country, city = '' } = place;
  return [city, country, `${city} ${country}`, `${country} ${city}`].some((label) => letters(label) === letters(cell));
}
