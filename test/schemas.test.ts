import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCHEMAS_FOLDER, schemaFiles } from '../scripts/build/build-schemas.ts';

const RECIPES = join(import.meta.dirname, '..', 'recipes');

it.each(Object.entries(schemaFiles()))('%s is current (node scripts/build/build-schemas.ts)', (name, text) => {
  expect(JSON.parse(readFileSync(join(SCHEMAS_FOLDER, name), 'utf8'))).toEqual(JSON.parse(text));
});

it.each(readdirSync(RECIPES))('%s names its schema on its first line', (name) => {
  const [line] = readFileSync(join(RECIPES, name), 'utf8').split('\n');
  const schema = /^# yaml-language-server: \$schema=\.\.\/schemas\/(.+)$/.exec(line!)?.[1];
  expect(Object.keys(schemaFiles())).toContain(schema);
});
