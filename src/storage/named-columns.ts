/** The cells of a table by role: city, country, a, b. */
import { invalidInput } from '../core/errors.ts';
import { openTable } from './table.ts';

/**
 * The rows' cells under the named columns, in the file's order. A role without a column is absent. Throws `invalid-input`
 * for a required role, or a named column, that the file lacks.
 */
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
