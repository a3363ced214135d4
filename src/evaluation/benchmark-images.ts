/** Joins the truth file of a benchmark with a folder of image files. */
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput } from '../core/errors.ts';
import { findBenchmark } from './benchmarks.ts';
import type { Benchmark } from './benchmarks.ts';
import type { Columns } from './columns.ts';
import type { Scene, Truth } from './outcome.ts';
import { readTruthTable } from './truth.ts';

export type BenchmarkImage = {
  readonly id: string;
  readonly truth: Truth;
  readonly scene?: Scene;
  readonly author?: string;
  /** Path of the image file; absent if the folder lacks the image. */
  readonly path?: string;
};

export type BenchmarkImages = {
  readonly name: string;
  readonly benchmark?: Benchmark;
  /** The rows that have a true position, in the order of the truth file. */
  readonly images: readonly BenchmarkImage[];
  /** Number of rows without a true position. No denominator counts them. */
  readonly noTruth: number;
};

const EXTENSIONS = new Set([
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.gif',
  '.tif',
  '.tiff',
  '.heic',
  '.heif',
  '.avif',
  '.bmp',
]);

/**
 * Reads the truth file and finds each row's image in `folder`. A row's id may be the path of its image in the folder,
 * the file name in any subfolder, or that name without its extension. Throws `invalid-input` if an id matches several
 * files.
 */
export async function readBenchmark({
  name,
  truthFile,
  folder,
  columns = {},
}: {
  readonly name: string;
  readonly truthFile: string;
  readonly folder: string;
  readonly columns?: Columns;
}): Promise<BenchmarkImages> {
  const benchmark = findBenchmark(name);
  const truth = await readTruthTable(truthFile, { ...benchmark?.columns, ...columns });
  const find = indexImages(await listFiles(folder), folder);
  const images = truth.rows.flatMap(({ truth, ...row }) => {
    if (truth === undefined) return [];
    const path = find(row.id);
    return [{ ...row, truth, ...defined({ path }) }];
  });
  if (images.length === 0)
    throw invalidInput(`${truthFile} has no row with a position.`, 'Check its latitude and longitude columns.');
  return {
    name: benchmark?.name ?? name,
    ...defined({ benchmark }),
    images,
    noTruth: truth.rows.length - images.length,
  };
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    throw new GlobeError({
      code: 'not-found',
      message: `Cannot read the folder ${folder}.`,
      hint: 'Check --images.',
      cause: error,
    });
  }
}

function indexImages(files: readonly string[], folder: string): (id: string) => string | undefined {
  const images = files.filter((file) => EXTENSIONS.has(extname(file).toLowerCase())).sort();
  const byPath = new Set(images);
  const byName = Map.groupBy(images, (file) => basename(file));
  const byStem = Map.groupBy(images, (file) => basename(file, extname(file)));
  return (id) => {
    const direct = join(folder, id);
    if (byPath.has(direct)) return direct;
    const candidates = byName.get(basename(id)) ?? byStem.get(basename(id)) ?? [];
    if (candidates.length > 1) {
      throw invalidInput(
        `The image id "${id}" matches several files: ${candidates.slice(0, 3).join(' or ')}.`,
        'Use paths as ids, or a folder without repeated file names.',
      );
    }
    return candidates[0];
  };
}
