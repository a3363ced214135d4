/** What a world's folder holds, and the manifest that says how it was made. */

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

export type WorldManifest = {
  readonly format: 'globe-miniature';
  readonly formatVersion: number;
  readonly scenes: number;
  readonly seed: number;
  /** Width and height of the images. */
  readonly pixels: number;
  /** Hex SHA-256 of truth.jsonl, which holds the digest of every image. */
  readonly digest: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Of everything that the bytes depend on besides the seed. */
  readonly versions: Readonly<Record<string, string>>;
};
