/**
 * Streaming readers of the tables that people have: CSV and TSV (quoted fields over several lines, byte order mark)
 * and JSON Lines. Every cell becomes text; what a cell means is for the reader's caller to decide. Rows are counted
 * from 1, without the header, and errors name the row.
 */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { CsvError, parse } from 'csv-parse';
import { GlobeError, invalidInput } from '../core/errors.ts';

export type TableRow = {
  /** 1 for the first record after the header. */
  readonly number: number;
  /** Text by header; a header that the row lacks (possible in JSON Lines) is absent. */
  readonly values: Readonly<Record<string, string>>;
};

export type Table = {
  readonly path: string;
  readonly headers: readonly string[];
  /** Can be read once. */
  readonly rows: AsyncIterable<TableRow>;
};

/** Records looked at to learn the keys of a JSON Lines file, whose records may differ. */
const JSONL_HEADER_RECORDS = 200;

/** Opens a .csv, .tsv, .jsonl or .ndjson file. Throws `not-found` or `invalid-input`. */
export async function openTable(path: string): Promise<Table> {
  await access(path).catch(() => {
    throw new GlobeError({ code: 'not-found', message: `There is no file ${path}.`, hint: 'Check the path.' });
  });
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return openDelimited(path, ',');
    case '.tsv':
      return openDelimited(path, '\t');
    case '.jsonl':
    case '.ndjson':
      return openJsonLines(path);
    default:
      throw invalidInput(`${path} is not a table.`, 'Give a file that ends in .csv, .tsv, .jsonl or .ndjson.');
  }
}

async function openDelimited(path: string, delimiter: string): Promise<Table> {
  const parser = createReadStream(path).pipe(parse({ bom: true, delimiter, skip_empty_lines: true }));
  const records = withPath(parser[Symbol.asyncIterator]() as AsyncIterator<string[]>, path);
  const first = await records.next();
  if (first.done === true)
    throw invalidInput(`${path} is empty.`, 'The first line must hold the names of the columns.');
  const headers = first.value.map((header) => header.trim());
  const twice = headers.find((header, index) => headers.indexOf(header) !== index);
  if (twice !== undefined) throw invalidInput(`${path} has two columns named "${twice}".`, 'Rename one of them.');
  return { path, headers, rows: delimitedRows(records, headers) };
}

async function* delimitedRows(records: AsyncIterator<string[]>, headers: readonly string[]): AsyncIterable<TableRow> {
  let number = 0;
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    const values: Record<string, string> = {};
    for (const [index, header] of headers.entries()) values[header] = next.value[index]!;
    yield { number: ++number, values };
  }
}

async function* withPath(records: AsyncIterator<string[]>, path: string): AsyncGenerator<string[], void> {
  try {
    for (let next = await records.next(); next.done !== true; next = await records.next()) yield next.value;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalidInput(
      `${path} is not well-formed CSV: ${error.message}.`,
      'Quote fields that hold commas, quotes or line breaks.',
    );
  }
}

async function openJsonLines(path: string): Promise<Table> {
  const rows = jsonRows(path)[Symbol.asyncIterator]();
  const first: TableRow[] = [];
  const headers = new Set<string>();
  while (first.length < JSONL_HEADER_RECORDS) {
    const next = await rows.next();
    if (next.done === true) break;
    first.push(next.value);
    for (const key of Object.keys(next.value.values)) headers.add(key);
  }
  if (first.length === 0) throw invalidInput(`${path} holds no record.`);
  return { path, headers: [...headers], rows: concatenated(first, rows) };
}

async function* concatenated(first: readonly TableRow[], rest: AsyncIterator<TableRow>): AsyncIterable<TableRow> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* jsonRows(path: string): AsyncGenerator<TableRow, void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '') continue;
    number += 1;
    yield { number, values: cellsOf(parseObject(text, { path, number })) };
  }
}

function parseObject(text: string, { path, number }: { path: string; number: number }): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidInput(
      `${path}, row ${number} is not JSON: ${(error as Error).message}`,
      'Each line must be one JSON object; a last line cut short by an interrupted program must be removed.',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidInput(`${path}, row ${number} is not a JSON object: ${text.slice(0, 80)}`);
  }
  return value as Record<string, unknown>;
}

function cellsOf(record: Record<string, unknown>): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [key, value] of Object.entries(record)) {
    if (value === null || value === undefined) cells[key] = '';
    else if (typeof value === 'string') cells[key] = value;
    else cells[key] = JSON.stringify(value);
  }
  return cells;
}
