/**
 * Finds the package's own files: recipes, models, examples. The package root is the nearest parent folder with a
 * package.json, so the code finds the same files from the sources (src/) and from the build (dist/).
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

/** Returns the absolute path of the package's root folder. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Returns the absolute path of a file in the package: `packageFile('recipes/start.yaml')`. The file need not exist. */
export const packageFile = (path: string): string => join(packageRoot(), path);

/** Matches paths in the package folders whose files users can name in commands. */
const SHIPPED = /^(?:examples|models|recipes)[\\/]/u;

/**
 * Resolves a path from the user. If nothing exists there and the path starts with recipes/, models/ or examples/,
 * returns the path of the package's own file. The same path therefore works in a checkout and in an installed package.
 *
 * @example
 * shippedPath('recipes/start.yaml'); // in another folder: '…/globe-geolocation/recipes/start.yaml'
 */
export function shippedPath(path: string): string {
  const shipped = packageFile(normalize(path));
  return SHIPPED.test(normalize(path)) && !existsSync(path) && existsSync(shipped) ? shipped : path;
}

/** Checkpoints that are only in the repository, because they are too large for the published package. */
const REPOSITORY_ONLY = new Set(['base-mixer', 'grpo-vit', 'reward-model', 'sft-vit']);

/** Returns the hint for a missing checkpoint that is only in the repository; undefined for any other folder. */
export function repositoryOnlyHint(folder: string): string | undefined {
  if (existsSync(folder) || !REPOSITORY_ONLY.has(basename(folder))) return undefined;
  return `The installed package contains only models/base-vit. models/${basename(folder)} is only in the repository: clone the repository and use the path of its folder there.`;
}
