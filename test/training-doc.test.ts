/** Checks that docs/training.md lists every field of every recipe, with the default of the schema. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { trainRecipeSchema } from '../src/training/recipe.ts';
import { rewardModelRecipeSchema } from '../src/training/reward-model/recipe.ts';

type Schema = {
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
};

/** Fields that the page does not list. Their parent fields or the registry of rewards describe them. */
const DESCRIBED_ELSEWHERE = /^(?:method$|reward\.weights\.|reward\.shape\.tauKm\.)/u;

/** Returns the default of each field by its dotted name: the value, "required", or "–" for an optional field. */
function fieldsOf(schema: Schema, path = '', isVariant = false): Map<string, string> {
  const fields = new Map<string, string>();
  const add = (more: Map<string, string>): void => more.forEach((value, name) => fields.set(name, value));
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  for (const variant of variants) add(fieldsOf(variant, path, true));
  if (schema.items?.properties !== undefined) add(fieldsOf(schema.items, `${path}[]`));
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const full = path === '' ? name : `${path}.${name}`;
    const inside = fieldsOf(field, full, isVariant || (path !== '' && schema.required?.includes(name) !== true));
    const isLeaf = [...inside.keys()].every((inner) => DESCRIBED_ELSEWHERE.test(inner));
    if (isLeaf && !DESCRIBED_ELSEWHERE.test(full))
      fields.set(full, defaultOf(field, isVariant ? [] : schema.required, name));
    add(inside);
  }
  return fields;
}

function defaultOf(field: Schema, required: readonly string[] | undefined, name: string): string {
  if (field.default === undefined) return required?.includes(name) === true ? 'required' : '–';
  return typeof field.default === 'string' ? field.default : JSON.stringify(field.default);
}

const schemas: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(trainRecipeSchema.options.map((option) => [option.shape.method.value, option])),
  'reward-model': rewardModelRecipeSchema,
};

/** Returns the documented default of each field, from all tables with a column for the method. */
function documented(method: string): Map<string, string> {
  const fields = new Map<string, string>();
  let column = -1;
  for (const line of readFileSync(new URL('../docs/training.md', import.meta.url), 'utf8').split('\n')) {
    if (!line.startsWith('|')) continue;
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells[1] === 'field') column = cells.indexOf(method);
    const field = /^`(?<name>.+)`$/u.exec(cells[1]!)?.groups!['name'];
    if (field !== undefined && column > 0) fields.set(field, cells[column]!.replaceAll('`', ''));
  }
  return fields;
}

const sorted = (fields: Map<string, string>): Record<string, string> =>
  Object.fromEntries([...fields].toSorted(([a], [b]) => (a < b ? -1 : 1)));

it.each(Object.entries(schemas))('lists the fields of %s with their defaults', (method, schema) => {
  const inSchema = fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema);
  inSchema.delete('method');
  for (const name of inSchema.keys()) if (DESCRIBED_ELSEWHERE.test(name)) inSchema.delete(name);
  expect(sorted(documented(method))).toEqual(sorted(inSchema));
});
