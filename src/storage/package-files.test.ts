import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFile, packageRoot, repositoryOnlyHint } from './package-files.ts';

it('finds the recipes and the base model of the package', () => {
  expect(packageRoot()).toBe(join(import.meta.dirname, '..', '..'));
  expect(existsSync(packageFile('recipes/start.yaml'))).toBe(true);
});

it('says where a checkpoint is that the published package leaves out', () => {
  expect(repositoryOnlyHint('nowhere/models/sft-vit')).toContain('models/sft-vit is in the repository');
  expect(repositoryOnlyHint('nowhere/my-model')).toBeUndefined();
  expect(repositoryOnlyHint(packageFile('models/sft-vit'))).toBeUndefined();
});
