/**
 * Packs a clean copy of the tracked files and installs the tarball into an empty folder, once for all tests in this
 * folder. If GLOBE_TARBALL is set, installs that tarball instead.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

export type Installed = {
  readonly tarball: string;
  /** The prefix that was passed to `npm install -g --prefix`. */
  readonly prefix: string;
  /** Folder of the installed package inside the prefix. */
  readonly root: string;
  /** An empty folder that tests may write to. */
  readonly work: string;
};

declare module 'vitest' {
  // eslint-disable-next-line typescript/consistent-type-definitions -- merged into vitest's own interface
  interface ProvidedContext {
    installed: Installed;
  }
}

const repository = join(import.meta.dirname, '..', '..');

/**
 * The environment without the variables that npm sets for its scripts, which would redirect an inner npm. The folder of
 * this Node comes first in PATH.
 */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name))),
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
};

const npm = (args: readonly string[], cwd: string): void => {
  execFileSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd,
    env: cleanEnvironment,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
};

/**
 * Copies the tracked files to a folder. Dependencies and gazetteer are taken from the checkout, and stamps show whether
 * they are current.
 */
function cleanCopy(to: string): void {
  const names = execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' }).split('\0');
  for (const name of names.filter((name) => name !== '' && existsSync(join(repository, name)))) {
    cpSync(join(repository, name), join(to, name));
  }
  symlinkSync(join(repository, 'node_modules'), join(to, 'node_modules'), 'dir');
  mkdirSync(join(to, 'build'));
  for (const name of ['gazetteer.bin', 'gazetteer.stamp']) {
    if (existsSync(join(repository, 'build', name))) cpSync(join(repository, 'build', name), join(to, 'build', name));
  }
}

function pack(folder: string): string {
  const source = join(folder, 'source');
  mkdirSync(source);
  cleanCopy(source);
  npm(['pack', '--pack-destination', folder], source);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))!,
  );
}

export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'globe-package-'));
  const [prefix, work] = [join(folder, 'prefix'), join(folder, 'work')];
  mkdirSync(prefix);
  mkdirSync(work);
  const tarball = process.env['GLOBE_TARBALL'] ?? pack(folder);
  npm(['install', '-g', '--ignore-scripts', '--prefer-offline', '--prefix', prefix, tarball], work);
  const modules = process.platform === 'win32' ? 'node_modules' : join('lib', 'node_modules');
  provide('installed', { tarball, prefix, root: join(prefix, modules, 'globe-geolocation'), work });
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
