import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const read = (...path: string[]): string => readFileSync(join(import.meta.dirname, '..', ...path), 'utf8');

it('documents a reason for every dependency and for no other package', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const rows = read('docs', 'decisions', '0002-dependencies.md').matchAll(/^\| (`.+?`) +\| .{8,} \|$/gm);
  const explained = [...rows].flatMap(([, names]) => names!.split(', ').map((name) => name.replaceAll('`', '')));
  expect(explained.toSorted()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).toSorted());
});
