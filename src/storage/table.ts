/**
 * Reads tables. CSV and JSON Lines files are streamed; a JSON array is read into memory. Each file may be gzipped. CSV
 * files may use commas, semicolons or tabs, and may contain a byte order mark and quoted fields that span lines. Every
 * cell is returned as text for the caller to interpret. Rows are numbered from 1 after the header, and errors name the
 * row.
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { GlobeError, invalidInput } from '../core/errors.ts';
import { checkRunFile } from './run-manifest.ts';

export type TableRow = {
  /** Row number: 1 for the first record after the header. */
  readonly number: number;
  /** The text of each cell by header. A JSON record may lack some headers; they are absent here. */
  readonly values: Readonly<Record<string, string>>;
};

export type Table = {
  readonly path: string;
  readonly headers: readonly string[];
  /** The rows. They can be read only once. */
  readonly rows: AsyncIterable<TableRow>;
};

/** JSON records may have different keys, so the headers are collected from this many records. */
const JSON_HEADER_RECORDS = 200;

/** Delimiters that are recognised. The table uses the one that occurs most often in the header. */
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Opens a .csv, .tsv, .json, .jsonl or .ndjson file. Detects gzip by the file's bytes, not by its name. Throws
 * `not-found` or `invalid-input`. Reading the rows throws `invalid-input` for a damaged row.
 */
export async function openTable(path: string): Promise<Table> {
  const kind = extname(path.replace(/\.gz$/i, '')).toLowerCase();
  if (!['.csv', '.tsv', '.json', '.jsonl', '.ndjson'].includes(kind)) {
    throw invalidInput(
      `${path} has an unsupported file extension.`,
      'Use a file that ends in .csv, .tsv, .json, .jsonl or .ndjson (or in .csv.gz and so on).',
    );
  }
  await checkRunFile(path);
  const source = await openSource(path);
  const beginning = await peek(source, path);
  if (kind === '.tsv') return openDelimited({ path, source, delimiter: '\t' });
  if (kind === '.csv') return openDelimited({ path, source, delimiter: delimiterOf(beginning) });
  return openJson(path, /^[\uFEFF\s]*\[/.test(beginning) ? arrayRows(path, source) : lineRows(path, source));
}

/** Streams the file's bytes and decompresses them if the file is gzipped. */
async function openSource(path: string): Promise<Readable> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new GlobeError({ code: 'not-found', message: `The file ${path} does not exist.`, hint: 'Check the path.' });
  });
  try {
    const { buffer } = await handle.read({ buffer: Buffer.alloc(2), position: 0 });
    const file = createReadStream(path);
    // The callback ignores the error, because reading the stream throws it too.
    return buffer[0] === 0x1f && buffer[1] === 0x8b ? pipeline(file, createGunzip(), () => undefined) : file;
  } finally {
    await handle.close();
  }
}

/** Returns the first characters of a stream without consuming them. */
async function peek(source: Readable, path: string): Promise<string> {
  try {
    await once(source, 'readable');
  } catch (error) {
    throw readingError(error, path);
  }
  const bytes = source.read() as Buffer | null;
  if (bytes === null) return '';
  source.unshift(bytes);
  return bytes.toString('utf8');
}

/**
 * Returns the delimiter that occurs most often in the first non-empty line. Delimiters inside quoted fields do not
 * count.
 */
function delimiterOf(beginning: string): string {
  const header = beginning
    .replaceAll(/"[^"]*"/g, '')
    .trimStart()
    .split(/[\r\n]/, 1)[0]!;
  const count = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function readingError(error: unknown, path: string): unknown {
  if (error instanceof CsvError) {
    return invalidInput(
      `${path} is not well-formed CSV: ${error.message}.`,
      'Quote fields that contain the delimiter, quotes or line breaks.',
    );
  }
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('Z_'))
    return invalidInput(`${path} is not a complete gzip file.`, 'Compress or download it again.');
  return code === 'EISDIR' ? invalidInput(`${path} is a folder.`, 'Use a file in the folder.') : error;
}

type Delimited = { readonly path: string; readonly source: Readable; readonly delimiter: string };

async function openDelimited({ path, source, delimiter }: Delimited): Promise<Table> {
  const parser = pipeline(source, parse({ bom: true, delimiter, skip_empty_lines: true }), () => undefined);
  const records = withPath(parser[Symbol.asyncIterator]() as AsyncIterator<string[]>, path);
  const first = await records.next();
  if (first.done === true)
    throw invalidInput(`${path} is empty.`, 'The first line must contain the names of the columns.');
  // The header of an index column is empty in files from spreadsheets and pandas.
  const headers = first.value.map((header, index) => header.trim() || `column ${index + 1}`);
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

async function* withPath<Item>(items: AsyncIterator<Item>, path: string): AsyncGenerator<Item, void> {
  try {
    for (let next = await items.next(); next.done !== true; next = await items.next()) yield next.value;
  } catch (error) {
    throw readingError(error, path);
  }
}

async function openJson(path: string, records: AsyncGenerator<TableRow, void>): Promise<Table> {
  const rows = withPath(records, path);
  const first: TableRow[] = [];
  const headers = new Set<string>();
  while (first.length < JSON_HEADER_RECORDS) {
    const next = await rows.next();
    if (next.done === true) break;
    first.push(next.value);
    for (const key of Object.keys(next.value.values)) headers.add(key);
  }
  if (first.length === 0) throw invalidInput(`${path} contains no records.`);
  return { path, headers: [...headers], rows: concatenated(first, rows) };
}

async function* concatenated(first: readonly TableRow[], rest: AsyncIterator<TableRow>): AsyncIterable<TableRow> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* lineRows(path: string, source: Readable): AsyncGenerator<TableRow, void> {
  let number = 0;
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  // readline ignores errors of its input stream. Without this listener, the loop would wait forever after an error.
  source.once('error', () => lines.close());
  for await (const line of lines) {
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '') continue;
    number += 1;
    const value = parseJson(text, {
      what: `${path}, row ${number}`,
      hint: 'Write one JSON object per line, or one array of objects. If an interrupted program left the last line incomplete, remove that line.',
    });
    yield { number, values: cellsOf(asObject(value, `${path}, row ${number}`)) };
  }
  if (source.errored !== null) throw source.errored;
}

async function* arrayRows(path: string, source: Readable): AsyncGenerator<TableRow, void> {
  const text = (await textOf(source)).replace(/^\uFEFF/, '');
  const records = parseJson(text, {
    what: path,
    hint: 'Write one array of objects, or one JSON object per line.',
  });
  for (const [index, value] of (records as unknown[]).entries()) {
    yield { number: index + 1, values: cellsOf(asObject(value, `${path}, row ${index + 1}`)) };
  }
}

function parseJson(text: string, { what, hint }: { readonly what: string; readonly hint: string }): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalidInput(`${what} is not JSON: ${(error as Error).message}`, hint);
  }
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidInput(`${what} is not a JSON object: ${JSON.stringify(value).slice(0, 80)}`);
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
