import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from './package-files.ts';

let repository: string;

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'globe-provenance-'));
  git('init', '--quiet');
});
afterEach(() => rm(repository, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' }).trim();
}

function commitAll(): string {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all', '--allow-empty');
  return git('rev-parse', 'HEAD');
}

/** Copies the code that reports the commit into a folder of the test's repository. */
async function install(folder: string): Promise<string> {
  const to = join(repository, folder);
  const needed = [
    'package.json',
    'src/storage/provenance.ts',
    'src/storage/package-files.ts',
    'src/storage/package-version.ts',
    'src/core/defined.ts',
  ];
  for (const file of needed) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(packageRoot(), file), join(to, file));
  }
  return to;
}

/** Runs the copied code in the folder and returns the commit that it reports. */
function commitOf(folder: string): unknown {
  const program = `import { provenance } from ${JSON.stringify(join(folder, 'src/storage/provenance.ts'))}; console.log(JSON.stringify(provenance()));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return (JSON.parse(text) as { commit?: string }).commit;
}

describe('the recorded commit', () => {
  it('is the commit of the checkout, marked when files have changed', async () => {
    const folder = await install('.');
    const commit = commitAll();
    expect(commitOf(folder)).toBe(commit);
    await appendFile(join(folder, 'src/core/defined.ts'), '\n');
    expect(commitOf(folder)).toBe(`${commit} (with local changes)`);
  });

  it('is absent for a package in a subfolder of another repository, tracked there or not', async () => {
    const folder = await install('vendor/globe');
    commitAll();
    expect(commitOf(folder)).toBeUndefined();
  });

  it('is absent for a package that was unpacked over another repository', async () => {
    commitAll();
    expect(commitOf(await install('.'))).toBeUndefined();
  });
});
