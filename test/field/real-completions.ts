/**
 * Reads real completions with the answer grammar and the geocoder. Writes one short line per row, without the text. A
 * change of the grammar or the geocoder is then visible as a diff.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseAnswer } from '../../src/core/answer-grammar.ts';
import type { Coordinate } from '../../src/core/coordinate.ts';
import { distanceKm } from '../../src/core/distance.ts';
import type { Gazetteer } from '../../src/gazetteer/gazetteer.ts';

export type RealFile = {
  readonly name: string;
  /** Name of the column with the model's text. */
  readonly text: string;
  /** Names of the columns with the true latitude and longitude. */
  readonly truth: readonly [string, string];
};

export const REAL_FILES: readonly RealFile[] = [
  { name: 'streetview1602-gpt-4o-mini', text: 'model_response', truth: ['label_lat', 'label_long'] },
  { name: 'streetview1602-llava-v1.6-vicuna-13b', text: 'model_response', truth: ['label_lat', 'label_long'] },
  { name: 'im2gps3k-gemini-2.0-flash', text: 'location', truth: ['LAT', 'LON'] },
];

export type RealRow = { readonly text: string; readonly truth?: Coordinate; readonly line: string };

/** Returns the path of the committed lines for a prediction file. */
export const frozenPath = (name: string): string => join(import.meta.dirname, 'real-completions', `${name}.txt`);

export const frozenLines = (name: string): string[] => readFileSync(frozenPath(name), 'utf8').trimEnd().split('\n');

/** Returns the rows of a prediction file. Each row has the line that the current code writes for it. */
export function realRows(folder: string, file: RealFile, gazetteer: Gazetteer): RealRow[] {
  const rows: Record<string, string>[] = parse(readFileSync(join(folder, `${file.name}.csv`)), {
    columns: true,
    bom: true,
  });
  return rows.map((row) => {
    const [latitude, longitude] = file.truth.map((column) => row[column] ?? '');
    const text = row[file.text] ?? '';
    const line = lineOf(text, gazetteer);
    if (latitude === '' || longitude === '') return { text, line };
    return { text, line, truth: { latitudeDegrees: Number(latitude), longitudeDegrees: Number(longitude) } };
  });
}

/**
 * Returns a row's line, such as "place 3fa94c 41.158,-8.629 city". It has the kind of answer, a digest of the place and
 * position in the answer, the resulting position, and its granularity.
 */
function lineOf(text: string, gazetteer: Gazetteer): string {
  const answer = parseAnswer(text);
  if (answer.kind === 'refusal' || answer.kind === 'unparseable') return answer.kind;
  const place = answer.kind === 'place' ? answer.place : undefined;
  const written = [place?.city, place?.region, place?.country, answer.coordinate].map((part) => part ?? null);
  const digest = createHash('sha256').update(JSON.stringify(written)).digest('hex').slice(0, 6);
  const found = place === undefined ? undefined : gazetteer.geocode(place);
  const [position, granularity] =
    found?.kind === 'found' ? [found.coordinate, found.granularity] : [answer.coordinate, 'own'];
  if (position === undefined) return `${answer.kind} ${digest} none`;
  const { latitudeDegrees, longitudeDegrees } = position;
  return `${answer.kind} ${digest} ${latitudeDegrees.toFixed(3)},${longitudeDegrees.toFixed(3)} ${granularity}`;
}

/** Returns the position in a line, or undefined if the line has none. */
function positionOf(line: string): Coordinate | undefined {
  const match = / (-?[\d.]+),(-?[\d.]+) /u.exec(line);
  return match === null ? undefined : { latitudeDegrees: Number(match[1]), longitudeDegrees: Number(match[2]) };
}

export type RowChange = 'gained' | 'lost' | 'nearer' | 'farther' | 'reworded';

/** Minimum change of the distance to the true position that counts as nearer or farther. */
const MIN_CHANGE_KM = 1;

/** Returns how a row's line changed, or undefined if it did not change. */
export function changeOf(before: string | undefined, { line, truth }: RealRow): RowChange | undefined {
  if (before === line) return undefined;
  const [was, is] = [positionOf(before ?? ''), positionOf(line)];
  if (was === undefined || is === undefined) {
    return was === is ? 'reworded' : was === undefined ? 'gained' : 'lost';
  }
  if (truth === undefined) return 'reworded';
  const changeKm = distanceKm(truth, is) - distanceKm(truth, was);
  return Math.abs(changeKm) < MIN_CHANGE_KM ? 'reworded' : changeKm < 0 ? 'nearer' : 'farther';
}
