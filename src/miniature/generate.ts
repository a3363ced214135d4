/**
 * Writes a world to a folder: images/, metadata.csv (train) and test.csv in MP-16's layout, truth.jsonl, manifest.json.
 * All files first go to a temporary folder. The folder gets its final name when it is complete, so that a killed run
 * never looks finished. The same options give the same bytes if the versions of this program, Node (for the sine
 * function), sharp (for PNG and JPEG) and the gazetteer are the same. The manifest records these versions.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import sharp from 'sharp';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { packageVersion } from '../storage/package-version.ts';
import { FILES, FORMAT_VERSION, readWorldManifest, type WorldManifest } from './layout.ts';
import { metadataTable } from './metadata.ts';
import { rosterOf, type RosterOptions } from './roster.ts';
import { DIFFICULTIES, SETTINGS } from './stage.ts';
import type { SceneTruth } from './truth.ts';
import { writeImages, type WriteImagesOptions } from './write-images.ts';

/** Image size: small enough for a model of a few million parameters, large enough to read a licence plate. */
export const DEFAULT_PIXELS = 96;

/** The options that define a world. */
export type WorldOptions = RosterOptions & {
  /** Width and height of the images in pixels. */
  readonly pixels?: number;
};

export type GenerateOptions = WorldOptions &
  Pick<WriteImagesOptions, 'gazetteer' | 'signal' | 'onProgress'> & { readonly out: string };

/**
 * Generates the world. Throws `invalid-input` for invalid numbers, and if the folder contains anything but a world with
 * the same options.
 */
export async function generateWorld(options: GenerateOptions): Promise<WorldManifest> {
  const { out, scenes, seed, testShare, unseen, pixels = DEFAULT_PIXELS, gazetteer, signal, onProgress } = options;
  const world = { scenes, seed, pixels, ...defined({ testShare, unseen }) };
  check(world);
  const existing = await manifestIn(out);
  if (existing !== undefined) return requireSame(existing, { ...world, out });
  const partial = `${out}.partial-${process.pid}`;
  try {
    await mkdir(join(partial, FILES.images), { recursive: true });
    const truths = await writeImages(partial, {
      shots: rosterOf(world),
      pixels,
      gazetteer,
      signal,
      ...defined({ onProgress }),
    });
    const manifest = await writeTables(partial, { truths, world, gazetteer });
    // rmdir removes only an empty folder, so it cannot delete files that someone has added in the meantime.
    if (existsSync(out)) await rmdir(out);
    await mkdir(dirname(out), { recursive: true });
    await rename(partial, out);
    return manifest;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

type World = WorldOptions & { readonly pixels: number };

function check({ scenes, seed, pixels, testShare = 0 }: World): void {
  if (!Number.isInteger(scenes) || scenes < 1 || scenes > 1_000_000)
    throw invalidInput(`Invalid number of scenes: ${scenes}.`, 'Use a whole number from 1 to 1000000.');
  if (!Number.isSafeInteger(seed)) throw invalidInput(`Invalid seed: ${seed}.`, 'Use a whole number.');
  if (!Number.isInteger(pixels) || pixels < 32 || pixels > 512)
    throw invalidInput(`Invalid scene size: ${pixels} pixels.`, 'Use a whole number from 32 to 512.');
  if (!(testShare >= 0 && testShare <= 1))
    throw invalidInput(`Invalid share of held-out scenes: ${testShare}.`, 'Use a number from 0 to 1.');
}

async function manifestIn(out: string): Promise<WorldManifest | undefined> {
  if (!existsSync(out)) return undefined;
  const names = await readdir(out);
  if (names.length === 0) return undefined;
  if (!names.includes(FILES.manifest)) throw invalidInput(`${out} contains other files.`, 'Use a new or empty folder.');
  return readWorldManifest(out);
}

function requireSame(manifest: WorldManifest, { out, ...world }: World & { readonly out: string }): WorldManifest {
  const { scenes, seed, pixels, testShare, unseen } = manifest;
  if (
    isDeepStrictEqual({ scenes, seed, pixels, ...defined({ testShare, unseen }) }, world) &&
    manifest.versions['globe'] === packageVersion()
  )
    return manifest;
  throw invalidInput(
    `${out} contains another world: ${scenes} scenes of ${pixels} pixels, seed ${seed}, version ${manifest.versions['globe']}${describeSplits(manifest)}.`,
    'Use another folder, or remove this one.',
  );
}

/** Describes the splits in words. Empty if they are the default ones. */
function describeSplits({ testShare, unseen }: WorldManifest): string {
  const parts = [
    ...(testShare === undefined ? [] : [`held-out share ${testShare}`]),
    ...(unseen === undefined ? [] : [`${unseen.cities} unseen cities of seed ${unseen.seed}`]),
  ];
  return parts.map((part) => `, ${part}`).join('');
}

type Facts = Pick<GenerateOptions, 'gazetteer'> & { readonly truths: readonly SceneTruth[]; readonly world: World };

async function writeTables(folder: string, { truths, world, gazetteer }: Facts): Promise<WorldManifest> {
  for (const split of ['train', 'test'] as const) {
    const rows = truths.filter((truth) => truth.split === split);
    await writeFile(join(folder, FILES[split]), metadataTable(rows));
  }
  const lines = truths.map((truth) => `${JSON.stringify(truth)}\n`).join('');
  await writeFile(join(folder, FILES.truth), lines);
  const manifest: WorldManifest = {
    format: 'globe-miniature',
    formatVersion: FORMAT_VERSION,
    ...world,
    digest: createHash('sha256').update(lines).digest('hex'),
    counts: countsOf(truths),
    versions: {
      globe: packageVersion(),
      node: process.version,
      sharp: sharp.versions.sharp ?? 'unknown',
      libvips: sharp.versions.vips,
      gazetteer: gazetteer.provenance.version,
    },
  };
  await writeFile(join(folder, FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function countsOf(truths: readonly SceneTruth[]): Record<string, number> {
  const count = (test: (truth: SceneTruth) => boolean): number => truths.filter(test).length;
  const distinct = (key: (truth: SceneTruth) => unknown): number => new Set(truths.map(key)).size;
  return {
    train: count(({ split }) => split === 'train'),
    test: count(({ split }) => split === 'test'),
    countries: distinct(({ countryCode }) => countryCode),
    cities: distinct(({ geonameId }) => geonameId),
    owners: distinct(({ owner }) => owner),
    repeats: count(({ repeats }) => repeats !== undefined),
    ...Object.fromEntries(SETTINGS.map((name) => [name, count(({ setting }) => setting === name)])),
    ...Object.fromEntries(DIFFICULTIES.map((name) => [name, count(({ difficulty }) => difficulty === name)])),
  };
}
