/**
 * Prepares a release: sets the version in package.json and the lock file and the date of the changelog's section, and
 * makes a commit, a tag and a tarball. Without --yes, it only prints what it would do.
 *
 * node scripts/release/release.ts 0.3.0 [--yes]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/**
 * Adds the date to the changelog's section about the version. Throws if the section is missing or already has a date.
 */
export function datedChangelog(changelog: string, version: string, date: string): string {
  const heading = `## ${version} - unreleased\n`;
  if (!changelog.includes(heading)) throw new Error(`Missing in CHANGELOG.md: "${heading.trim()}". Write it first.`);
  return changelog.replace(heading, `## ${version} - ${date}\n`);
}

/** Replaces the first `count` versions: one in package.json, two in the lock file. */
export function withVersion(json: string, version: string, count: number): string {
  let left = count;
  return json.replaceAll(/"version": "[^"]*"/g, (field) => (left-- > 0 ? `"version": "${version}"` : field));
}

function release(version: string, write: boolean): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`Invalid version: ${version}. Use MAJOR.MINOR.PATCH.`);
  if (git('tag', '--list', `v${version}`) !== '')
    throw new Error(`The tag v${version} exists. Choose another version.`);
  if (git('status', '--porcelain') !== '') throw new Error('The working tree has changes. Commit them first.');
  const date = new Date().toISOString().slice(0, 10);
  const files: Record<string, (text: string) => string> = {
    'CHANGELOG.md': (text) => datedChangelog(text, version, date),
    'package.json': (text) => withVersion(text, version, 1),
    'package-lock.json': (text) => withVersion(text, version, 2),
  };
  for (const [name, change] of Object.entries(files)) {
    const text = change(readFileSync(join(root, name), 'utf8'));
    console.log(`${write ? 'Writing' : 'Would write'} ${name}`);
    if (write) writeFileSync(join(root, name), text);
  }
  const commands = [
    ['git', 'commit', '--all', '--message', `Release ${version}`],
    ['git', 'tag', '--annotate', `v${version}`, '--message', `Version ${version}`],
    ['npm', 'pack'],
  ] as const;
  for (const [command, ...args] of commands) {
    console.log(`${write ? 'Running' : 'Would run'} ${command} ${args.join(' ')}`);
    if (write) execFileSync(command, args, { cwd: root, stdio: 'inherit' });
  }
  console.log(`Then: git push --follow-tags; npm publish globe-geolocation-${version}.tgz`);
}

if (import.meta.main) {
  const [version, flag] = process.argv.slice(2);
  if (version === undefined) throw new Error('Usage: node scripts/release/release.ts VERSION [--yes]');
  release(version, flag === '--yes');
}
