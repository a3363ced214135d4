/**
 * Creates a peer's Python environment from pinned requirements, once and outside the checkout, in
 * ~/.cache/globe/venv-HASH.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Returns the path of the environment's interpreter. Throws if Python 3 is missing or a package cannot be installed.
 */
export function pythonWith(requirements: string, note: (text: string) => void): string {
  const pins = readFileSync(requirements, 'utf8');
  const hash = createHash('sha256').update(pins).digest('hex').slice(0, 12);
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'globe', `venv-${hash}`);
  const python = join(folder, 'bin/python');
  // The marker is written last, so that an interrupted installation is repeated.
  const done = join(folder, 'installed');
  if (!existsSync(done)) {
    note(`Installing ${pins.trim().replaceAll('\n', ', ')} into ${folder} (once) …`);
    rmSync(folder, { recursive: true, force: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    writeFileSync(done, pins);
  }
  return python;
}
