/** The files in a world's folder, and the manifest with the world's settings and versions. */
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../storage/read-document.ts';

export const FORMAT_VERSION = 1;

export const FILES = {
  /** The training split, in MP-16's layout. */
  train: 'metadata.csv',
  /** The held-out split. */
  test: 'test.csv',
  truth: 'truth.jsonl',
  manifest: 'manifest.json',
  images: 'images',
} as const;

export const worldManifestSchema = z.object({
  format: z.literal('globe-miniature'),
  formatVersion: z.number(),
  scenes: z.int(),
  seed: z.int(),
  /** Width and height of the images, in pixels. */
  pixels: z.int(),
  /**
   * Share of scenes in the test split, and the random draw of unseen cities. Both are absent if they are the defaults.
   */
  testShare: z.number().optional(),
  unseen: z.object({ cities: z.int(), seed: z.int() }).optional(),
  /** Hex SHA-256 of truth.jsonl, which holds the digest of every image. */
  digest: z.string(),
  counts: z.record(z.string(), z.number()),
  /** Versions of the software and data that the world's bytes depend on. */
  versions: z.record(z.string(), z.string()),
});

export type WorldManifest = Readonly<z.infer<typeof worldManifestSchema>>;

/**
 * Reads the manifest of a world. Throws `not-found` if the manifest is missing, and `invalid-input` if it is malformed.
 */
export async function readWorldManifest(folder: string): Promise<WorldManifest> {
  const hint = 'Generate the world again: globe miniature generate --out FOLDER.';
  return readJson(join(folder, FILES.manifest), { name: 'world manifest', schema: worldManifestSchema, hint });
}
