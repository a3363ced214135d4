/** Makes cells safe for CSV files that are opened in spreadsheets, which run a text that starts like a formula. */

/** A text that starts with =, +, -, @, a tab or a carriage return gets an apostrophe before it; numbers stay. */
export function safeCell<Cell>(cell: Cell): Cell | string {
  if (typeof cell !== 'string' || !/^[=+\-@\t\r＝＋－＠]/u.test(cell) || Number.isFinite(Number(cell))) return cell;
  return `'${cell}`;
}

/** A copy of the record with all cells safe. */
export const safeCells = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, safeCell(cell as unknown)]));
