/** The version of this package, from its own package.json, wherever the code runs from (sources or a build). */
import { readFileSync } from 'node:fs';
import { packageFile } from './package-files.ts';

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}
