/**
 * Finds functions that process text from outside. These are the exported functions, in some folders, whose first
 * parameter is a string.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../../..');

/** Folders whose functions do not write files or call services. */
const FOLDERS = ['core', 'gazetteer', 'grounding', 'prompts', 'reward', 'server', 'service', 'page', 'evaluation'];
/** Matches functions whose first argument is a path, address or name, so it is not text from outside. */
const OTHER_ARGUMENTS = /\((?:path|file|folder|url|name|host|out)\b/u;
const EXPORT =
  /\bexport (?:async )?(?:function (?<declared>\w+)(?:<[^>]*>)?\(\s*|const (?<constant>\w+) = \()(?<parameter>\w+): string\b/gu;

export type TextFunction = { readonly name: string; readonly read: (text: string) => unknown };

export async function textFunctions(): Promise<TextFunction[]> {
  const found: TextFunction[] = [];
  const files = globSync(`src/{${FOLDERS.join(',')}}/**/*.ts`, {
    cwd: root,
    exclude: (name) => name.endsWith('.test.ts'),
  });
  for (const file of files.filter((name) => !name.endsWith('.test.ts')).sort()) {
    const names = [...readFileSync(join(root, file), 'utf8').matchAll(EXPORT)]
      .filter(([, , , parameter]) => !OTHER_ARGUMENTS.test(`(${parameter}`))
      .map(({ groups }) => groups!['declared'] ?? groups!['constant']!);
    if (names.length === 0) continue;
    const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, (text: string) => unknown>;
    for (const name of names) found.push({ name: `${file} ${name}`, read: module[name]! });
  }
  return found;
}
