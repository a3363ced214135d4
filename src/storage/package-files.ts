/**
 * Finds the package's own files: recipes, models, examples. The root is the nearest parent folder with a package.json,
 * so the sources (src/) and the build (dist/) find the same files.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

/** Absolute path of the package's folder. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Absolute path of a file of the package, whether it exists or not: `packageFile('recipes/start.yaml')`. */
export const packageFile = (path: string): string => join(packageRoot(), path);

/** Matches paths in folders of the package that users can name in commands. */
const SHIPPED = /^(?:examples|models|recipes)[\\/]/u;

/**
 * Resolves a path that the user gave. If nothing exists there and the path is in the package's recipes/, models/ or
 * examples/, returns the package's file. So the same path works in a checkout and after installation.
 *
 * @example
 * shippedPath('recipes/start.yaml'); // in another folder: '…/globe-geolocation/recipes/start.yaml'
 */
export function shippedPath(path: string): string {
  const shipped = packageFile(normalize(path));
  return SHIPPED.test(normalize(path)) && !existsSync(path) && existsSync(shipped) ? shipped : path;
}

/** Names of checkpoints that are in the repository but too large for the published package. */
const REPOSITORY_ONLY = new Set(['base-mixer', 'grpo-vit', 'reward-model', 'sft-vit']);

/** The hint for a missing checkpoint that only the repository has; undefined for any other folder. */
export function repositoryOnlyHint(folder: string): string | undefined {
  if (existsSync(folder) || !REPOSITORY_ONLY.has(basename(folder))) return undefined;
  return `The installed package has only models/base-vit. models/${basename(folder)} is only in the repository: clone the repository and give the path of that folder.`;
}
