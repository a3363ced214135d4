/** Where `globe geocode` and `globe match` take their places from: arguments, or columns of a table. */
import { invalidInput } from '../../core/errors.ts';
import type { Place } from '../../core/place.ts';
import { openTable } from '../../storage/table.ts';

/** `--column role=header`, given once for each role. */
export function parseColumns(options: readonly string[], roles: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    options.map((option) => {
      const at = option.indexOf('=');
      const [role, header] = [option.slice(0, at), option.slice(at + 1)];
      if (at === -1 || !roles.includes(role) || header === '') {
        throw invalidInput(
          `--column ${option} is not understood.`,
          `Write --column ROLE=HEADER; roles: ${roles.join(', ')}.`,
        );
      }
      return [role, header];
    }),
  );
}

/** The rows' cells under the named columns, in the file's order. A role without a column is absent. */
export async function* columnsOf(
  file: string,
  {
    columns,
    required,
    optional = [],
  }: {
    readonly columns: Readonly<Record<string, string>>;
    readonly required: readonly string[];
    readonly optional?: readonly string[];
  },
): AsyncGenerator<Record<string, string>> {
  const table = await openTable(file);
  const headerOf = new Map<string, string>();
  for (const role of [...required, ...optional]) {
    const header = columns[role] ?? role;
    if (table.headers.includes(header)) headerOf.set(role, header);
    else if (columns[role] !== undefined || required.includes(role)) {
      throw invalidInput(
        `${file} has no column “${header}”.`,
        `Name it with --column ${role}=HEADER; the file has: ${table.headers.join(', ')}.`,
      );
    }
  }
  for await (const { values } of table.rows) {
    yield Object.fromEntries([...headerOf].map(([role, header]) => [role, values[header] ?? '']));
  }
}

/** A place from the cells `city`, `region` and `country`; empty cells are left out. */
export function placeOfCells({ city = '', region = '', country = '' }: Record<string, string>): Place {
  return { country, ...(region !== '' && { region }), ...(city !== '' && { city }) };
}
