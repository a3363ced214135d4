/**
 * The gallery: the positions that GeoCLIP chooses among, embedded once and kept on disk under a key of everything the
 * embeddings depend on, so that other weights or another gallery never read them.
 */
import { createHash } from 'node:crypto';
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
  /** Unit vectors, row by row: float32 [positions, dimensions]. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
};

export type GalleryOptions = {
  /** The model's folder, which has the gallery's CSV. */
  readonly folder: string;
  readonly galleryFile: string;
  /** The weights' bytes, as part of the key. */
  readonly weights: Uint8Array;
  /** Where embeddings are kept. */
  readonly cacheFolder: string;
  /** Told after each batch, in positions, while the gallery is embedded for the first time. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Changes when the code would embed the same files to other numbers. */
const FORMAT = 'globe-geoclip-gallery-1';
const BATCH_POSITIONS = 2_000;

export async function openGallery(encoders: Encoders, options: GalleryOptions): Promise<Gallery> {
  const csv = await readModelFile(options.folder, options.galleryFile);
  const positions = parsePositions(csv, join(options.folder, options.galleryFile));
  const { dimensions } = encoders;
  const key = createHash('sha256').update(FORMAT).update(options.weights).update(csv).digest('hex').slice(0, 16);
  const file = join(options.cacheFolder, `gallery-${key}.safetensors`);
  const kept = await readEmbeddings(file, positions.length * dimensions);
  if (kept !== undefined) return { positions, embeddings: kept, dimensions };

  const embeddings = new Float32Array(positions.length * dimensions);
  for (let start = 0; start < positions.length; start += BATCH_POSITIONS) {
    const batch = positions.slice(start, start + BATCH_POSITIONS);
    embeddings.set(await encoders.locations(batch), start * dimensions);
    options.onProgress?.(start + batch.length, positions.length);
  }
  const bytes = writeSafetensors({ embeddings: float32([positions.length, dimensions], embeddings) }, { key });
  try {
    await mkdir(options.cacheFolder, { recursive: true });
    await writeFileAtomic(file, bytes);
  } catch (error) {
    throw new GlobeError({
      code: 'invalid-input',
      message: `The gallery's embeddings cannot be kept in ${options.cacheFolder}: ${messageOf(error)}.`,
      hint: 'Give a cacheFolder that can be written; the gallery takes 205 MB.',
      cause: error,
    });
  }
  return { positions, embeddings, dimensions };
}

/** Undefined where nothing is kept yet. A file of another size is not ours, and is made anew. */
async function readEmbeddings(file: string, length: number): Promise<Float32Array | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    return undefined;
  }
  try {
    const { data } = readSafetensors(bytes).arrays['embeddings'] ?? {};
    return data instanceof Float32Array && data.length === length ? data : undefined;
  } catch {
    return undefined;
  }
}
