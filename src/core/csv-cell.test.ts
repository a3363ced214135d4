import { expect, it } from 'vitest';
import { safeCell, safeCells } from './csv-cell.ts';

it.each(['=1+1', '+cmd', '-a', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('neutralises %j', (cell) => {
  expect(safeCell(cell)).toBe(`'${cell}`);
});

it.each(['', 'Paris', '-33.86', '+4', '1e-3', 'a=b', -12.5, undefined])('keeps %j', (cell) => {
  expect(safeCell(cell)).toBe(cell);
});

it('treats every cell of a record', () => {
  expect(safeCells({ a: '=x', b: -1, c: 'y' })).toEqual({ a: "'=x", b: -1, c: 'y' });
});
