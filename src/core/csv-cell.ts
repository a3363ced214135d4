/** Makes cells of CSV files safe. Spreadsheets execute text that starts like a formula. */

/** Puts an apostrophe before a text that starts with =, +, -, @, a tab or a carriage return. Numbers are unchanged. */
export function safeCell<Cell>(cell: Cell): Cell | string {
  if (typeof cell !== 'string' || !/^[=+\-@\t\r＝＋－＠]/u.test(cell) || Number.isFinite(Number(cell))) return cell;
  return `'${cell}`;
}

/** Returns a copy of the record in which all cells are safe. */
export const safeCells = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, safeCell(cell as unknown)]));
