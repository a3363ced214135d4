import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { expect, inject, it } from 'vitest';

const { tarball } = inject('installed');
const names = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).stdout.trim().split('\n');

it('is smaller than 25 MB', () => {
  expect(statSync(tarball).size).toBeLessThan(25e6);
});

it('holds the data, the licences and no test', () => {
  expect(names).toEqual(
    expect.arrayContaining(
      [
        'build/gazetteer.bin',
        'models/base-vit/model.safetensors',
        'dist/index.d.ts',
        'dist/grounding/lexicon/LICENSE-wordnet.txt',
        'recipes/start.yaml',
        'schemas/training.json',
        'NOTICE',
        'LICENSE',
        'CHANGELOG.md',
      ].map((name) => `package/${name}`),
    ),
  );
  expect(names.filter((name) => /test|fixture|models\/(?!base-vit)/.test(name))).toEqual([]);
});
