import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFile, packageRoot, repositoryOnlyHint, shippedPath } from './package-files.ts';

it('finds the recipes and the base model of the package', () => {
  expect(packageRoot()).toBe(join(import.meta.dirname, '..', '..'));
  expect(existsSync(packageFile('recipes/start.yaml'))).toBe(true);
});

it('names the repository for a checkpoint that the published package leaves out', () => {
  expect(repositoryOnlyHint('nowhere/models/sft-vit')).toContain('models/sft-vit is only in the repository');
  expect(repositoryOnlyHint('nowhere/my-model')).toBeUndefined();
  expect(repositoryOnlyHint(packageFile('models/sft-vit'))).toBeUndefined();
});

it("resolves a path to the package's file if the user has no such file", () => {
  expect(shippedPath('recipes/start.yaml')).toBe('recipes/start.yaml');
  const before = process.cwd();
  process.chdir(tmpdir());
  try {
    expect(shippedPath('recipes/start.yaml')).toBe(packageFile('recipes/start.yaml'));
    expect(shippedPath('./models/base-vit')).toBe(packageFile('models/base-vit'));
    expect(shippedPath('recipes/mine.yaml')).toBe('recipes/mine.yaml');
    expect(shippedPath('src/cli/main.ts')).toBe('src/cli/main.ts');
    expect(shippedPath('recipes/../package.json')).toBe('recipes/../package.json');
  } finally {
    process.chdir(before);
  }
});
