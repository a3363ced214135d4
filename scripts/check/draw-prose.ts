/**
 * Draws random comments and error messages for review: `node scripts/check/draw-prose.ts [COUNT]`. The hash of the
 * current commit is the seed, so that the reviewer cannot choose the sample.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { random, seedFrom, shuffled } from '../../src/core/random.ts';

const root = join(import.meta.dirname, '..', '..');
const count = Number(process.argv[2] ?? 60);

type Prose = { readonly where: string; readonly text: string };

const sources = ['src', 'scripts', 'bench', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name)),
);

/** Finds all matches of a pattern. Returns the text of the first group of each match, with its file and line. */
function found(file: string, pattern: RegExp): Prose[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(pattern)].map((match) => ({
    where: `${relative(root, file)}:${text.slice(0, match.index).split('\n').length}`,
    text: match[1]!
      .replaceAll(/^\s*(?:\*|\/\/) ?/gmu, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }));
}

const comments = sources.flatMap((file) => [
  ...found(file, /\/\*\*?((?:(?!\*\/)[^])*)\*\//gu),
  ...found(file, /(?<=^|\s)\/\/ (.*(?:\n\s*\/\/ .*)*)/gmu),
]);
const product = sources.filter((file) => relative(root, file).startsWith('src') && !file.endsWith('.test.ts'));
const messages = product.flatMap((file) =>
  found(
    file,
    /(?:invalidInput\(|new \w*Error\(|(?:message|hint): )\s*\{?\s*((?:['"`])(?:[^])*?['"`])(?:,?\s*\n?\s*[)}]|,\n)/gu,
  ),
);

const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
for (const [title, all] of [
  ['Comments', comments],
  ['Messages', messages],
] as const) {
  process.stdout.write(`\n${title}: ${count} of ${all.length}, seed ${commit.slice(0, 12)}\n\n`);
  for (const { where, text } of shuffled(all, random(seedFrom(`${commit}/${title}`))).slice(0, count)) {
    process.stdout.write(`${where}\n  ${text}\n`);
  }
}
