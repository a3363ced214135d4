/**
 * Facts that are saved with every result: the package's version and commit, and the machine that computed the result.
 */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { defined } from '../core/defined.ts';
import { packageRoot } from './package-files.ts';
import { packageVersion } from './package-version.ts';

export type Machine = {
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
};

export function provenance(): { version: string; commit?: string; machine: Machine } {
  const commit = gitCommit();
  return { version: packageVersion(), ...defined({ commit }), machine: describeMachine() };
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    platform: `${platform()} ${arch()}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

/**
 * Returns the commit of the checkout. Returns undefined if git is not available or the package is installed, because
 * the folder of an installed package may be in another project's repository.
 */
function gitCommit(): string | undefined {
  const root = packageRoot();
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(root)) return undefined;
    git('ls-files', '--error-unmatch', 'package.json');
    const isClean = git('status', '--porcelain', '--untracked-files=no') === '';
    return `${git('rev-parse', 'HEAD')}${isClean ? '' : ' (with local changes)'}`;
  } catch {
    return undefined;
  }
}
