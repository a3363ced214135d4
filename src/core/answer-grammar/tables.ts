/**
 * Reads answers in Markdown tables, with the labels either in the header (one guess per row) or in the first column.
 */
import { linesOf } from '../lines.ts';
import {
  cleanValue,
  FIELD_OF_NAME,
  type Fields,
  namesPlace,
  rankedGuesses,
  type Reading,
  withoutMarkdown,
} from './fields.ts';
import type { FieldName } from './labels.ts';

/** Limits on the work: the number of tables to try, starting from the last, and the number of rows to read in each. */
const MAX_TABLES = 20;
const MAX_ROWS = 40;

/** Returns the cells of a table row. The outer bars are optional. */
const cellsOf = (line: string): string[] => line.trim().replace(/^\|/u, '').replace(/\|$/u, '').split('|');

const labelOf = (cell: string): string =>
  withoutMarkdown(cell)
    .trim()
    .toLowerCase()
    .replace(/[:：]$/u, '');

const isRule = (line: string): boolean => line.includes('-') && /^[\s|:-]+$/u.test(line);

/** Reads the last table that names a place; undefined if there is none. */
export function tableFields(text: string): Reading | undefined {
  if (!text.includes('|')) return undefined;
  const lines = linesOf(text);
  let tables = 0;
  for (let i = lines.length - 2; i >= 0 && tables < MAX_TABLES; i--) {
    if (!lines[i]!.includes('|') || !isRule(lines[i + 1]!)) continue;
    tables++;
    const below = lines.slice(i + 2, i + 2 + MAX_ROWS);
    const end = below.findIndex((line) => !line.includes('|'));
    const rows = below.slice(0, end === -1 ? undefined : end).map(cellsOf);
    const guesses = fieldsBelow(cellsOf(lines[i]!), rows) ?? fieldsBeside(rows);
    if (guesses === undefined) continue;
    const [fields, ...alternatives] = guesses;
    return { fields: fields!, alternatives, before: lines.slice(0, i).join('\n') };
  }
  return undefined;
}

/** Reads a table with the labels in its header and one guess per row. Returns the best guess first. */
function fieldsBelow(head: readonly string[], rows: readonly string[][]): Fields[] | undefined {
  const labels = head.map((cell) => FIELD_OF_NAME.get(labelOf(cell)));
  // A table with the header "| Field | Answer |" has its labels in the first column, so it is not read here.
  if (rows.some(([first]) => FIELD_OF_NAME.has(labelOf(first ?? '')))) return undefined;
  const ranks = head.findIndex((cell) => /^(?:rank|#|no\.?)$/u.test(labelOf(cell)));
  const guesses = rows.flatMap((row) => {
    const fields = fieldsOf(labels.map((label, i) => [label, row[i] ?? ''] as const));
    const rank = Number(row[ranks] ?? Number.NaN);
    return namesPlace(fields) ? [{ fields, ...(Number.isFinite(rank) && { rank }) }] : [];
  });
  return guesses.length === 0 ? undefined : rankedGuesses(guesses);
}

/** Reads a table with the labels in its first column. */
function fieldsBeside(rows: readonly string[][]): Fields[] | undefined {
  const fields = fieldsOf(
    rows.map(([label, value]) => [FIELD_OF_NAME.get(labelOf(label ?? '')), value ?? ''] as const),
  );
  return namesPlace(fields) ? [fields] : undefined;
}

function fieldsOf(cells: readonly (readonly [FieldName | undefined, string])[]): Fields {
  const fields: Fields = {};
  for (const [field, cell] of cells) {
    const value = field === undefined ? undefined : cleanValue(cell);
    if (field !== undefined && value !== undefined) fields[field] ??= value;
  }
  return fields;
}
