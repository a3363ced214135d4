/**
 * Tests a strict TypeScript project that depends on the packed package. The project must pass type checks, run, and
 * import every subpath.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { cleanEnvironment } from './install.ts';

const { root, work } = inject('installed');
const repository = join(import.meta.dirname, '..', '..');
const consumer = join(work, 'consumer');

const run = (...args: string[]) =>
  spawnSync(process.execPath, args, { cwd: consumer, env: cleanEnvironment, encoding: 'utf8' });

beforeAll(() => {
  mkdirSync(join(consumer, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(consumer, 'node_modules', 'globe-geolocation'), 'dir');
  symlinkSync(join(repository, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'), 'dir');
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  cpSync(join(import.meta.dirname, 'consumer', 'main.ts'), join(consumer, 'main.ts'));
  writeFileSync(
    join(consumer, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        module: 'nodenext',
        target: 'es2024',
        noEmit: true,
        types: ['node'],
      },
      include: ['main.ts'],
    }),
  );
});

it('type-checks without skipLibCheck', () => {
  const { stdout } = run(join(repository, 'node_modules/typescript/bin/tsc'));
  expect(stdout).toBe('');
});

it('runs', () => {
  const { stdout, stderr } = run('main.ts');
  expect(stderr).toBe('');
  expect(stdout).toBe('Helsinki 60.17\n');
});

const { exports, version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  version: string;
};

it.each(Object.keys(exports).filter((path) => !path.includes('json')))('imports %s', (path) => {
  const code = `console.log(Object.keys(await import('globe-geolocation${path.slice(1)}')).length > 0)`;
  expect(run('--input-type=module', '-e', code)).toMatchObject({ status: 0, stdout: 'true\n' });
});

it('opens package.json and the schemas', () => {
  const code = `import p from 'globe-geolocation/package.json' with { type: 'json' };
    import s from 'globe-geolocation/schemas/training.json' with { type: 'json' };
    console.log(p.version, s.title);`;
  expect(run('--input-type=module', '-e', code).stdout).toBe(`${version} Recipe of globe train\n`);
});
