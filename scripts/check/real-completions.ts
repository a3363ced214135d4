/**
 * Compares how the current code reads real completions with the committed results, which have one line per completion.
 * Prints the number of changes by kind, and the rows that lost their position or moved farther from the truth. With
 * --all, prints every changed row. With --write, replaces the committed results.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import {
  changeOf,
  frozenLines,
  frozenPath,
  REAL_FILES,
  realRows,
  type RowChange,
} from '../../test/field/real-completions.ts';
import { sharedData } from '../../test/support/shared-data.ts';

const EXCERPT_CHARACTERS = 160;

const { values } = parseArgs({ options: { write: { type: 'boolean' }, all: { type: 'boolean' } } });
const folder = sharedData('predictions');
const gazetteer = openGazetteer();
const say = (text: string) => process.stdout.write(`${text}\n`);

for (const file of folder === undefined ? [] : REAL_FILES) {
  const rows = realRows(folder!, file, gazetteer);
  const before = existsSync(frozenPath(file.name)) ? frozenLines(file.name) : [];
  const counts: Record<RowChange, number> = { gained: 0, lost: 0, nearer: 0, farther: 0, reworded: 0 };
  for (const [index, row] of rows.entries()) {
    const change = changeOf(before[index], row);
    if (change === undefined) continue;
    counts[change]++;
    if (before.length === 0 || (!values.all && change !== 'lost' && change !== 'farther')) continue;
    say(`${change} ${file.name} row ${index + 1}: ${before[index]} -> ${row.line}`);
    say(
      `  ${JSON.stringify(row.text.length > EXCERPT_CHARACTERS ? `…${row.text.slice(-EXCERPT_CHARACTERS)}` : row.text)}`,
    );
  }
  say(
    `${file.name}: ${rows.length} rows; ${Object.entries(counts)
      .map(([change, n]) => `${change} ${n}`)
      .join(', ')}`,
  );
  if (!values.write) continue;
  mkdirSync(dirname(frozenPath(file.name)), { recursive: true });
  writeFileSync(frozenPath(file.name), `${rows.map(({ line }) => line).join('\n')}\n`);
}
