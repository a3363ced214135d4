/** Cells of CSV files that spreadsheets open, which run a text that starts as a formula. */

/** A text that starts with =, +, -, @, a tab or a carriage return gets an apostrophe before it; numbers stay. */
export function safeCell<Cell>(cell: Cell): Cell | string {
  if (typeof cell !== 'string' || !/^[=+\-@\t\r＝＋－＠]/u.test(cell) || Number.isFinite(Number(cell))) return cell;
  return `'${cell}`;
}

/** A record with safe cells. */
export const safeCells = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, safeCell(cell as unknown)]));
