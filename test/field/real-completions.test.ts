import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { sharedData } from '../support/shared-data.ts';
import { changeOf, frozenLines, REAL_FILES, realRows } from './real-completions.ts';

const folder = sharedData('predictions');

describe.skipIf(folder === undefined)('real completions', () => {
  it.each(REAL_FILES)('of $name are read as frozen (review: node scripts/check/real-completions.ts)', (file) => {
    const frozen = frozenLines(file.name);
    const rows = realRows(folder!, file, openGazetteer());
    expect(rows).toHaveLength(frozen.length);
    const changed = rows.flatMap((row, index) => {
      const change = changeOf(frozen[index], row);
      return change === undefined ? [] : [`row ${index + 1} ${change}: ${frozen[index]} -> ${row.line}`];
    });
    expect(changed).toEqual([]);
  });
});

describe('changeOf', () => {
  const truth = { latitudeDegrees: 60, longitudeDegrees: 25 };

  it.each([
    ['unparseable', 'place aa 60.000,25.000 city', 'gained'],
    ['place aa 60.000,25.000 city', 'refusal', 'lost'],
    ['place aa 61.000,25.000 city', 'place bb 60.100,25.000 city', 'nearer'],
    ['place aa 60.000,25.000 city', 'place bb 70.000,25.000 country', 'farther'],
    ['place aa 60.000,25.000 city', 'place bb 60.000,25.000 city', 'reworded'],
    ['refusal', 'unparseable', 'reworded'],
    ['refusal', 'refusal', undefined],
  ])('from %j to %j is %j', (before, line, change) => {
    expect(changeOf(before, { text: '', truth, line })).toBe(change);
  });
});
