/** The commit that registered an experiment: the last one that changed its record. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { invalidInput } from '../core/errors.ts';

/**
 * Returns the hash of the last commit that changed the file. Returns undefined outside a git checkout, as in an
 * installed package. Throws `invalid-input` if the file has changes that are not committed, because then nobody can check
 * when the experiment was registered.
 */
export function registrationCommit(path: string): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: dirname(path), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  let changes: string;
  try {
    changes = git('status', '--porcelain', '--', path);
  } catch {
    return undefined;
  }
  const commit = changes === '' ? git('log', '-1', '--format=%H', '--', path) : '';
  if (commit !== '') return commit;
  throw invalidInput(`The registration ${path} has changes that are not committed.`, 'Commit it before the first run.');
}
