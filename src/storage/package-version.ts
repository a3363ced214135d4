/** Reads this package's version from its package.json, whether it runs from the sources or from the build. */
import { readFileSync } from 'node:fs';
import { packageFile } from './package-files.ts';

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}
