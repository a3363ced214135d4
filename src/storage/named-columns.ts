/** Reads the cells of a table by role, such as city or country, and parses `--column ROLE=HEADER`. */
import { invalidInput } from '../core/errors.ts';
import { openTable } from './table.ts';

/** Normalizes a header or role for comparison: lower case, without spaces and punctuation. */
export function headerKey(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Parses the values of `--column ROLE=HEADER`. Throws `invalid-input` for an unknown role or a missing header. */
export function parseColumnOptions<Role extends string>(
  options: readonly string[],
  roles: readonly Role[],
): Partial<Record<Role, string>> {
  const columns: Partial<Record<Role, string>> = {};
  for (const option of options) {
    const [name = '', ...header] = option.split('=');
    const role = roles.find((known) => headerKey(known) === headerKey(name));
    if (role === undefined || header.join('=') === '') {
      throw invalidInput(`Invalid --column ${option}.`, `Write --column ROLE=HEADER; roles: ${roles.join(', ')}.`);
    }
    columns[role] = header.join('=');
  }
  return columns;
}

/**
 * Yields the cells of each row by role, in file order. A role that has no column is absent. Throws `invalid-input` if
 * the file lacks a required role or a column that `columns` names.
 */
export async function* columnsOf(
  file: string,
  {
    columns,
    required,
    optional = [],
  }: {
    readonly columns: Readonly<Partial<Record<string, string>>>;
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
        `Name the column with --column ${role}=HEADER. The file has: ${table.headers.join(', ')}.`,
      );
    }
  }
  for await (const { values } of table.rows) {
    yield Object.fromEntries([...headerOf].map(([role, header]) => [role, values[header] ?? '']));
  }
}
