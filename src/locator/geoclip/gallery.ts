/**
 * The gallery holds the positions that GeoCLIP chooses among. Their embeddings are computed once and cached on disk.
 * The cache key is a hash of everything that the embeddings depend on, so cached embeddings are never used with other
 * weights or another gallery.
 */
import { createHash, hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Coordinate } from '../../core/coordinate.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { parsePositions } from '../../storage/positions-csv.ts';
import { float32, readSafetensors, writeSafetensors } from '../../tensor/index.ts';
import type { Encoders } from './encoders.ts';
import { readModelFile } from './weights.ts';

export type Gallery = {
  readonly positions: readonly Coordinate[];
  /** Unit vectors, one per row: float32 [positions, dimensions]. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
};

export type GalleryOptions = {
  /** Folder that contains the model and the gallery's CSV. */
  readonly folder: string;
  readonly galleryFile: string;
  /** Bytes of the weights, which are part of the cache key. */
  readonly weights: Uint8Array;
  /** Folder for the cached embeddings. */
  readonly cacheFolder: string;
  /** Called after each batch while the embeddings are computed for the first time. Both arguments count positions. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Part of the cache key. Change it whenever the code computes different embeddings from the same files. */
const FORMAT = 'globe-geoclip-gallery-1';
const BATCH_POSITIONS = 2_000;

export async function openGallery(encoders: Encoders, options: GalleryOptions): Promise<Gallery> {
  const csv = await readModelFile(options.folder, options.galleryFile);
  const positions = parsePositions(csv, join(options.folder, options.galleryFile));
  const { dimensions } = encoders;
  const key = createHash('sha256').update(FORMAT).update(options.weights).update(csv).digest('hex').slice(0, 16);
  const file = join(options.cacheFolder, `gallery-${key}.safetensors`);
  const cached = await readEmbeddings(file, positions.length * dimensions);
  if (cached !== undefined) return { positions, embeddings: cached, dimensions };

  const embeddings = new Float32Array(positions.length * dimensions);
  for (let start = 0; start < positions.length; start += BATCH_POSITIONS) {
    const batch = positions.slice(start, start + BATCH_POSITIONS);
    embeddings.set(await encoders.locations(batch), start * dimensions);
    options.onProgress?.(start + batch.length, positions.length);
  }
  const arrays = { embeddings: float32([positions.length, dimensions], embeddings) };
  const bytes = writeSafetensors(arrays, { key, sha256: digestOf(embeddings) });
  try {
    await mkdir(options.cacheFolder, { recursive: true });
    await writeFileAtomic(file, bytes);
  } catch (error) {
    throw new GlobeError({
      code: 'invalid-input',
      message: `The gallery's embeddings cannot be written to ${options.cacheFolder}: ${messageOf(error)}.`,
      hint: 'Use a writable cacheFolder with 205 MB of free space.',
      cause: error,
    });
  }
  return { positions, embeddings, dimensions };
}

/**
 * Reads cached embeddings. Returns undefined if the file is missing, damaged or from an older version, so that the
 * caller computes them again.
 */
async function readEmbeddings(file: string, length: number): Promise<Float32Array | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    return undefined;
  }
  try {
    const { arrays, metadata } = readSafetensors(bytes);
    const { data } = arrays['embeddings'] ?? {};
    const isWhole = data instanceof Float32Array && data.length === length && metadata['sha256'] === digestOf(data);
    return isWhole ? data : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (data: Float32Array): string =>
  hash('sha256', new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
