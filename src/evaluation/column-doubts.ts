/**
 * Detects columns that were read wrongly: unreadable cells, swapped coordinates, or true places read as predictions.
 */
import { isCoordinate } from '../core/coordinate.ts';
import { distanceKm } from '../core/distance.ts';
import { invalidInput } from '../core/errors.ts';
import { headerKey } from '../storage/named-columns.ts';
import { AMBIGUOUS_PLACES } from './columns.ts';
import type { Columns } from './columns.ts';
import { degreesOf } from './degrees-cell.ts';
import type { MeasuredOutcome, Outcome, Truth } from './outcome.ts';
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
  return {
    add: ({ cells, truth, outcome, failed }: Seen): void => {
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
    assertPlausible: (outcomes: readonly MeasuredOutcome[]): void => {
      if (count.written >= MIN_ROWS && 2 * unreadable.length > count.written) {
        throw invalidInput(
          `${unreadable.length} of ${count.written} predicted positions of ${file} cannot be read: ${unreadable.slice(0, SHOWN_CELLS).join('; ')}.`,
          'Write degrees such as 48.8566, or name the right columns with --column predictedLatitude=HEADER --column predictedLongitude=HEADER.',
        );
      }
      const header = columns.predictedPlace;
      const guessed = from === 'text' && sameFile && overrides?.predictedPlace === undefined && header !== undefined;
      if (!guessed || !AMBIGUOUS_PLACES.has(headerKey(header)) || outcomes.length < MIN_ROWS) return;
      if (outcomes.some(({ distanceKm: km = Infinity }) => km > MAX_SAME_PLACE_KM)) return;
      throw invalidInput(
        `The column "${header}" of ${file} agrees with every true position, so it seems to hold the true places.`,
        `Name the column of the predictions with --column predictedPlace=HEADER. If it is this column, confirm with --column predictedPlace=${header}.`,
      );
    },
  };
}
