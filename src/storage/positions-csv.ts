/** Reads and writes positions as GeoCLIP's gallery stores them: CSV with the columns LAT and LON, in degrees. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type Coordinate, coordinate } from '../core/coordinate.ts';
import { invalidInput, messageOf } from '../core/errors.ts';

const degrees = z.string().trim().min(1).pipe(z.coerce.number());
const rowSchema = z.object({ LAT: degrees, LON: degrees });

/**
 * Parses the CSV. Throws `invalid-input` if the CSV has no rows or a row has no valid position. The message names the
 * row.
 */
export function parsePositions(csv: Uint8Array, label: string): Coordinate[] {
  let rows: unknown[];
  try {
    rows = parse(Buffer.from(csv), { columns: true, skip_empty_lines: true });
  } catch (error) {
    throw invalidInput(`${label} is not a valid CSV: ${messageOf(error)}.`);
  }
  const positions = rows.map((row, i) => {
    const parsed = rowSchema.safeParse(row);
    if (parsed.success) return coordinate(parsed.data.LAT, parsed.data.LON);
    throw invalidInput(
      `${label}, row ${i + 1} has no valid LAT and LON.`,
      'Each row needs LAT in [-90, 90] and LON in [-180, 180], in degrees.',
    );
  });
  if (positions.length === 0) throw invalidInput(`${label} has no rows.`, 'The gallery needs at least one position.');
  return positions;
}

/** Writes every digit of the positions, so that reading the file returns the same numbers. */
export const positionsCsv = (positions: readonly Coordinate[]): string =>
  `LAT,LON\n${positions.map(({ latitudeDegrees, longitudeDegrees }) => `${latitudeDegrees},${longitudeDegrees}\n`).join('')}`;
