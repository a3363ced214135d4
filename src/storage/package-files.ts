/**
 * The package's own files: recipes, models, examples. The root is the nearest folder upwards with a package.json, so
 * that the sources (src/) and the build (dist/) find the same files.
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

/** Folders whose files users may name by their path in the package. */
const SHIPPED = /^(?:examples|models|recipes)[\\/]/u;

/**
 * A path that a user gives. Where nothing is there, and the package has a file of that path in recipes/, models/ or
 * examples/, it means the package's file: one spelling works in a checkout and for an installed command.
 *
 * @example
 * shippedPath('recipes/start.yaml'); // in another folder: '…/globe-geolocation/recipes/start.yaml'
 */
export function shippedPath(path: string): string {
  const shipped = packageFile(normalize(path));
  return SHIPPED.test(normalize(path)) && !existsSync(path) && existsSync(shipped) ? shipped : path;
}

/** Checkpoints that the published package leaves out for their size. */
const REPOSITORY_ONLY = new Set(['base-mixer', 'grpo-vit', 'reward-model', 'sft-vit']);

/** What to do about a missing checkpoint of the repository; undefined for any other folder. */
export function repositoryOnlyHint(folder: string): string | undefined {
  if (existsSync(folder) || !REPOSITORY_ONLY.has(basename(folder))) return undefined;
  return `The installed package has models/base-vit only. models/${basename(folder)} is in the repository: clone it, and give the path of that folder.`;
}
