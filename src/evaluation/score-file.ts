/**
 * Scores a file of predictions: reads each row's prediction from the chosen source, compares it with the truth in the
 * row or in a benchmark's truth file, and records how this was done, for the protocol. Rows are streamed.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { GlobeError } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { openTable } from '../storage/table.ts';
import type { Table } from '../storage/table.ts';
import { guessColumns } from './columns.ts';
import type { Columns } from './columns.ts';
import type { Preference } from '../locator/preferred-position.ts';
import { columnDoubts } from './column-doubts.ts';
import { createOutcomeMeter } from './outcome-meter.ts';
import type { RemoteGeocode, OutcomeRow } from './outcome-meter.ts';
import type { MeasuredOutcome, Outcome } from './outcome.ts';
import { assertReadable, readOutcome } from './read-outcome.ts';
import type { Cells, Source } from './read-outcome.ts';
import { POSITION_HEADERS } from './prediction-record.ts';
import { isRecordedFailure } from './recorded-failure.ts';
import { readTruth, readTruthTable } from './truth.ts';
import type { TruthRow, TruthTable } from './truth.ts';

/**
 * How to count a row that records a failure: by its position, as a miss, or not at all. A row records a failure by
 * success = False, or by the position 0, 0, which programs write for a missing position.
 */
export const FAILURE_POLICIES = ['as-given', 'as-misses', 'excluded'] as const;

export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

/** How to count an image of the benchmark that has no row in the file of predictions. */
export const MISSING_POLICIES = ['excluded', 'as-misses'] as const;

export type MissingPolicy = (typeof MISSING_POLICIES)[number];

export type ScoreOptions = {
  readonly file: string;
  readonly from: Source;
  /** Compares places and does the reverse geocoding. Also geocodes, if `geocode` is absent. */
  readonly gazetteer: Gazetteer;
  readonly geocode?: RemoteGeocode;
  /** The benchmark's truth file, joined by id. If it is absent, the file of predictions must contain the truth. */
  readonly truthFile?: string;
  readonly columns?: Columns;
  readonly failures?: FailurePolicy;
  readonly missing?: MissingPolicy;
  /** Ids of images whose measurement failed. No denominator counts them. */
  readonly unscored?: ReadonlySet<string>;
  /**
   * Which position counts if a completion names a place and also states a position. The paper's protocol is `place`.
   */
  readonly prefer?: Preference;
};

export type ScoredFile = {
  readonly outcomes: readonly MeasuredOutcome[];
  /** How the file was read, for the protocol. */
  readonly reading: Reading;
};

export type Reading = {
  readonly file: string;
  readonly truthFile?: string;
  readonly from: Source;
  readonly prefer: Preference;
  readonly columns: Columns;
  readonly truthColumns: Columns;
  readonly failures: FailurePolicy;
  readonly missing: MissingPolicy;
  /** Number of rows in the file. */
  readonly rows: number;
  /** Number of rows without truth. No denominator counts them. */
  readonly noTruth: number;
  /** Number of rows that record a failure, whatever the failure policy. */
  readonly recordedFailures: number;
  /** Number of rows with the status `failed`, in files that `globe evaluate` wrote. */
  readonly failedRows?: number;
  /** Number of failed rows that no denominator counts. */
  readonly unscoredRows?: number;
  /** Number of images in the truth file that have no row in the file of predictions. */
  readonly missingRows: number;
  /**
   * Number of rows that repeat the id of an earlier row. They count like other rows, and the protocol mentions them.
   */
  readonly repeatedIds: number;
  /** True if swapping latitude and longitude would move the predictions much nearer to the truth. */
  readonly swapped: boolean;
  /** Source of the true place names. */
  readonly truePlaces: 'labels' | 'reverse geocoding' | 'labels, else reverse geocoding';
};

/**
 * Scores the file. Throws `invalid-input` if required columns are missing or there are no rows to score. Rejects if a
 * remote geocoder fails.
 *
 * @example
 * const gazetteer = openGazetteer();
 * const scored = await scoreFile({ file: 'predictions.csv', from: 'completion', gazetteer });
 * const report = reportOf(scored, { geocoder: gazetteer.provenance });
 * report.accuracy['25']; // { percent, low, high, hits, n }
 */
export async function scoreFile(options: ScoreOptions): Promise<ScoredFile> {
  const { file, from, gazetteer, truthFile, failures = 'as-given', missing = 'excluded', prefer = 'place' } = options;
  const { table, columns, truth } = await openSources(options);
  const meter = createOutcomeMeter(gazetteer, options.geocode);
  const outcomes: MeasuredOutcome[] = [];
  const doubts = columnDoubts({ from, columns, overrides: options.columns, sameFile: truth === undefined, file });
  const seen = new Set<string>();
  const ids = new Set<string>();
  const count = { rows: 0, noTruth: 0, recordedFailures: 0, failedRows: 0, unscoredRows: 0, labelled: 0, repeated: 0 };
  for await (const { number, values } of table.rows) {
    count.rows += 1;
    const cells: Cells = (role) => values[columns[role] ?? ''] ?? '';
    const ownId = cells('id');
    const id = ownId || String(number);
    count.repeated += Number(ownId !== '' && ids.has(ownId));
    ids.add(ownId);
    const row = truth === undefined ? readTruth(cells, `${file}, row ${number}`) : truth.find(id);
    if (truth !== undefined && row !== undefined) {
      if (seen.has(row.id))
        throw invalidInput(
          `${file}, row ${number}: the image "${id}" already has a row.`,
          'Keep one row for each image.',
        );
      seen.add(row.id);
    }
    if (row?.truth === undefined) {
      count.noTruth += 1;
      continue;
    }
    const failed = isRecordedFailure(cells);
    count.recordedFailures += Number(failed);
    const read = await readOutcome(cells, { source: from, meter, prefer });
    count.failedRows += Number(cells('status').trim() === 'failed');
    if (options.unscored?.has(id) === true) {
      count.unscoredRows += 1;
      continue;
    }
    if (failures === 'excluded' && (failed || read.kind === 'failed')) continue;
    doubts.add({ cells, truth: row.truth, outcome: read, failed });
    const outcome = failed && failures === 'as-misses' ? RECORDED_FAILURE : read;
    count.labelled += Number(row.truth.place !== undefined);
    outcomes.push(meter.measure({ ...subject(row), id, outcome, ...confidenceOf(cells('confidence')) }));
  }
  const absent = truth?.rows.filter((row) => row.truth !== undefined && !seen.has(row.id)) ?? [];
  if (missing === 'as-misses') {
    for (const row of absent) outcomes.push(meter.measure({ ...subject(row), outcome: NO_ROW }));
  }
  if (count.rows === 0) throw invalidInput(`${file} has a header but no rows.`);
  if (outcomes.length === 0) throw nothingToCompare(options);
  doubts.assertPlausible();
  const { rows, noTruth, recordedFailures, failedRows, unscoredRows } = count;
  return {
    outcomes,
    reading: {
      file,
      ...defined({ truthFile }),
      from,
      prefer,
      columns,
      truthColumns: truth?.columns ?? columns,
      failures,
      missing,
      rows,
      noTruth,
      recordedFailures,
      failedRows,
      unscoredRows,
      missingRows: absent.length,
      repeatedIds: count.repeated,
      swapped: doubts.swapped(),
      truePlaces: truePlaces(count.labelled, outcomes.length),
    },
  };
}

const RECORDED_FAILURE: Outcome = { kind: 'failed', reason: 'the file records a failure' };
const NO_ROW: Outcome = { kind: 'failed', reason: 'no row in the file' };

type Sources = { readonly table: Table; readonly columns: Columns; readonly truth: TruthTable | undefined };

async function openSources({ file, from, truthFile, columns: overrides }: ScoreOptions): Promise<Sources> {
  const truth = truthFile === undefined ? undefined : await readTruthTable(truthFile, overrides);
  const table = await openTable(file);
  const headers = withPositions(table.headers);
  const columns = guessColumns({
    headers,
    ...(overrides !== undefined && { overrides: forPredictions(overrides, { truth, headers }) }),
    truthElsewhere: truth !== undefined,
  });
  assertReadable(from, { columns, headers });
  assertTruth({ file, columns, truth });
  return { table, columns, truth };
}

/**
 * Adds the headers of predicted positions to a file that `globe evaluate` wrote. A record has these keys only if the
 * model gave a position, so the first records, or even all records, may lack them.
 */
function withPositions(headers: readonly string[]): readonly string[] {
  const isOwn = ['id', 'label_lat', 'label_lon', 'status'].every((header) => headers.includes(header));
  return isOwn && !headers.includes('predicted_lat') ? [...headers, ...POSITION_HEADERS] : headers;
}

function subject({ id, truth, scene, author }: TruthRow): Omit<OutcomeRow, 'outcome'> {
  return { id, truth: truth!, ...defined({ scene, author }) };
}

/** Reads a confidence in [0, 1]. Other values, such as logits or percentages, are not probabilities and are ignored. */
function confidenceOf(text: string): { confidence?: number } {
  const share = text.trim() === '' ? Number.NaN : Number(text);
  return share >= 0 && share <= 1 ? { confidence: share } : {};
}

function nothingToCompare({ file, truthFile }: ScoreOptions): GlobeError {
  return invalidInput(
    `No row of ${file} has a true position to compare with.`,
    truthFile === undefined
      ? 'Name the benchmark with --truth FILE.'
      : `Check that ${file} and ${truthFile} use the same ids.`,
  );
}

function truePlaces(labelled: number, all: number): Reading['truePlaces'] {
  if (labelled === 0) return 'reverse geocoding';
  return labelled === all ? 'labels' : 'labels, else reverse geocoding';
}

function assertTruth({
  file,
  columns,
  truth,
}: {
  file: string;
  columns: Columns;
  truth: TruthTable | undefined;
}): void {
  if (truth === undefined && (columns.latitude === undefined || columns.longitude === undefined)) {
    throw invalidInput(
      `No columns of ${file} are recognised as the true latitude and longitude.`,
      'Name the benchmark with --truth FILE, or the columns with --column latitude=HEADER --column longitude=HEADER.',
    );
  }
  if (truth !== undefined && columns.id === undefined) {
    throw invalidInput(
      `No column of ${file} is recognised as the image ids.`,
      'Name the column with --column id=HEADER.',
    );
  }
}

/** Removes the user's column settings that apply only to the truth file. */
function forPredictions(
  overrides: Columns,
  { truth, headers }: { truth: TruthTable | undefined; headers: readonly string[] },
): Columns {
  if (truth === undefined) return overrides;
  const inTruth = new Set(Object.values(truth.columns));
  return Object.fromEntries(
    Object.entries(overrides).filter(([, header]) => headers.includes(header) || !inTruth.has(header)),
  );
}
