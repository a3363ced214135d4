/**
 * Describes the columns of a Parquet file as a small tree. Both the Parquet schema and the Hugging Face feature
 * description are generated from this tree, so they always agree. The tree supports only the types that our datasets
 * need.
 */
import type { SchemaElement } from 'hyparquet';

export type Column =
  | { readonly kind: 'string' | 'double' | 'int' | 'boolean'; readonly name: string }
  /** The bytes of an image file and its name, which the library `datasets` decodes as an image. */
  | { readonly kind: 'image'; readonly name: string }
  | { readonly kind: 'list'; readonly name: string; readonly of: Column }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly Column[] };

export const string = (name: string): Column => ({ kind: 'string', name });
export const double = (name: string): Column => ({ kind: 'double', name });
export const boolean = (name: string): Column => ({ kind: 'boolean', name });
export const images = (name: string): Column => ({ kind: 'list', name, of: { kind: 'image', name: 'element' } });
export const structs = (name: string, ...fields: readonly Column[]): Column => ({
  kind: 'list',
  name,
  of: { kind: 'struct', name: 'element', fields },
});

/**
 * Returns the Parquet schema as a flat list. Every value is optional. A list has the three levels that the Parquet
 * format specifies.
 */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(elements)];
}

function elements(column: Column): SchemaElement[] {
  const { name } = column;
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (column.kind) {
    case 'string':
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
    case 'double':
      return [{ ...optional, type: 'DOUBLE' }];
    case 'int':
      return [{ ...optional, type: 'INT32' }];
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }];
    case 'image':
      return [
        { ...optional, num_children: 2 },
        { name: 'bytes', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY' },
        { name: 'path', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      ];
    case 'struct':
      return [{ ...optional, num_children: column.fields.length }, ...column.fields.flatMap(elements)];
    case 'list':
      return [
        { ...optional, num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements(column.of),
      ];
  }
}

/** Returns the `huggingface` metadata of the file, which tells the library `datasets` how to decode the columns. */
export function huggingFaceInfo(columns: readonly Column[]): string {
  return JSON.stringify({ info: { features: features(columns) } });
}

const features = (columns: readonly Column[]): Record<string, unknown> =>
  Object.fromEntries(columns.map((column) => [column.name, feature(column)]));

function feature(column: Column): unknown {
  switch (column.kind) {
    case 'string':
      return { dtype: 'string', _type: 'Value' };
    case 'double':
      return { dtype: 'float64', _type: 'Value' };
    case 'int':
      return { dtype: 'int32', _type: 'Value' };
    case 'boolean':
      return { dtype: 'bool', _type: 'Value' };
    case 'image':
      return { _type: 'Image' };
    case 'struct':
      return features(column.fields);
    case 'list':
      // A list of structs is written as a JSON array, because older versions of `datasets` accept only this form.
      return column.of.kind === 'struct'
        ? [features(column.of.fields)]
        : { feature: feature(column.of), _type: 'Sequence' };
  }
}

/** True for columns of images. The caller need not compress them, because image files are already compressed. */
export function holdsImages(column: Column): boolean {
  return column.kind === 'image' || (column.kind === 'list' && holdsImages(column.of));
}
