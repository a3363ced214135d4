/** The commit that registered an experiment: the last one that changed its record. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { invalidInput } from '../core/errors.ts';

/**
 * Returns the hash of the last commit that changed the file. Throws `invalid-input` if the file has changes that are
 * not committed, or is not in a repository, because then nobody can check when the experiment was registered.
 */
export function registrationCommit(path: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: dirname(path), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  let commit: string;
  let changes: string;
  try {
    changes = git('status', '--porcelain', '--', path);
    commit = changes === '' ? git('log', '-1', '--format=%H', '--', path) : '';
  } catch {
    throw invalidInput(
      `Cannot find the commit of the registration ${path}.`,
      'Run registered experiments from a git checkout.',
    );
  }
  if (commit === '') {
    throw invalidInput(
      `The registration ${path} has changes that are not committed.`,
      'Commit it before the first run.',
    );
  }
  return commit;
}
