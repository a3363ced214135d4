/**
 * Writes a world to a folder: images/, metadata.csv (train) and test.csv in MP-16's layout, truth.jsonl, manifest.json.
 * Everything goes to a folder beside it, which takes the final name when it is complete: a killed run leaves no world
 * that looks finished. The same seed gives the same bytes with the same versions of this program, Node (its sine),
 * sharp (PNG and JPEG) and the gazetteer; the manifest names them.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import PQueue from 'p-queue';
import sharp from 'sharp';
import { type Coordinate, coordinate } from '../core/coordinate.ts';
import { invalidInput } from '../core/errors.ts';
import { random as seeded } from '../core/random.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { prepareImage } from '../image/prepare-image.ts';
import { packageVersion } from '../storage/package-version.ts';
import { CITIES, type City } from './facts/cities.ts';
import { rosterOf, type Shot } from './roster.ts';
import { shoot } from './shoot.ts';
import { DIFFICULTIES, SETTINGS } from './stage.ts';
import type { SceneTruth } from './truth.ts';

export const FORMAT_VERSION = 1;
export const DEFAULT_PIXELS = 96;
export const FILES = {
  train: 'metadata.csv',
  test: 'test.csv',
  truth: 'truth.jsonl',
  manifest: 'manifest.json',
  images: 'images',
} as const;

export type GenerateOptions = {
  readonly out: string;
  readonly scenes: number;
  readonly seed: number;
  /** Width and height of the images in pixels. */
  readonly pixels?: number;
  readonly gazetteer: Gazetteer;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
};

export type WorldManifest = {
  readonly format: 'globe-miniature';
  readonly formatVersion: number;
  readonly scenes: number;
  readonly seed: number;
  readonly pixels: number;
  /** Hex SHA-256 of truth.jsonl, which holds the digest of every image. */
  readonly digest: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
};

/** Throws `invalid-input` for impossible numbers and for a folder that holds anything but the very same world. */
export async function generateWorld(options: GenerateOptions): Promise<WorldManifest> {
  const { out, scenes, seed, pixels = DEFAULT_PIXELS, gazetteer, signal, onProgress } = options;
  check({ scenes, seed, pixels });
  const existing = await manifestIn(out);
  if (existing !== undefined) return same(existing, { scenes, seed, pixels, out });
  const partial = `${out}.partial-${process.pid}`;
  try {
    await mkdir(join(partial, FILES.images), { recursive: true });
    const truths = await writeImages(partial, {
      shots: rosterOf({ scenes, seed }),
      pixels,
      gazetteer,
      signal,
      onProgress,
    });
    const manifest = await writeTables(partial, { truths, scenes, seed, pixels, gazetteer });
    if (existsSync(out)) await rm(out, { recursive: true });
    await mkdir(dirname(out), { recursive: true });
    await rename(partial, out);
    return manifest;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function check({ scenes, seed, pixels }: { scenes: number; seed: number; pixels: number }): void {
  if (!Number.isInteger(scenes) || scenes < 1 || scenes > 1_000_000)
    throw invalidInput(`${scenes} is no number of scenes.`, 'Give a whole number from 1 to 1000000.');
  if (!Number.isSafeInteger(seed)) throw invalidInput(`${seed} is no seed.`, 'Give a whole number.');
  if (!Number.isInteger(pixels) || pixels < 32 || pixels > 512)
    throw invalidInput(`${pixels} pixels are no size for a scene.`, 'Give a whole number from 32 to 512.');
}

async function manifestIn(out: string): Promise<WorldManifest | undefined> {
  if (!existsSync(out)) return undefined;
  const names = await readdir(out);
  if (names.length === 0) return undefined;
  if (!names.includes(FILES.manifest))
    throw invalidInput(`${out} holds other files.`, 'Give a folder that is new or empty.');
  return JSON.parse(await readFile(join(out, FILES.manifest), 'utf8')) as WorldManifest;
}

function same(
  manifest: WorldManifest,
  wanted: { scenes: number; seed: number; pixels: number; out: string },
): WorldManifest {
  const { scenes, seed, pixels, out } = wanted;
  if (
    manifest.scenes === scenes &&
    manifest.seed === seed &&
    manifest.pixels === pixels &&
    manifest.versions['globe'] === packageVersion()
  )
    return manifest;
  throw invalidInput(
    `${out} holds another world: ${manifest.scenes} scenes of ${manifest.pixels} pixels, seed ${manifest.seed}, version ${manifest.versions['globe']}.`,
    'Give another folder, or remove this one.',
  );
}

/** Scenes in work at a time: one is drawn while the others are encoded on other threads. */
const IN_WORK = 4;

async function writeImages(
  folder: string,
  options: {
    shots: readonly Shot[];
    pixels: number;
    gazetteer: Gazetteer;
    signal: AbortSignal;
    onProgress: GenerateOptions['onProgress'];
  },
): Promise<SceneTruth[]> {
  const { shots, pixels, gazetteer, signal, onProgress } = options;
  const positions = new Map(CITIES.map((city) => [city.geonameId, cityPosition(city, gazetteer)]));
  const truths: SceneTruth[] = [];
  const encoding = new PQueue({ concurrency: IN_WORK });
  const failed: unknown[] = [];
  let done = 0;
  for (const shot of shots) {
    signal.throwIfAborted();
    if (failed.length > 0) throw failed[0];
    const { plan, composed } = shoot(shot, pixels);
    const place = positions.get(shot.city.geonameId)!;
    encoding
      .add(async () => {
        const id = idOf(shot.number);
        const bytes = await sharp(composed.image, { raw: { width: pixels, height: pixels, channels: 3 } })
          .png({ compressionLevel: 9 })
          .toBuffer();
        await writeFile(join(folder, FILES.images, id), bytes);
        const prepared = await prepareImage(bytes, { label: id });
        truths[shot.number] = {
          id,
          sha256: createHash('sha256').update(bytes).digest('hex'),
          preparedSha256: prepared.sha256,
          split: shot.split,
          owner: shot.owner,
          licence: shot.licence,
          country: place.country,
          countryCode: plan.country.code,
          city: plan.city.name,
          geonameId: plan.city.geonameId,
          ...moved(place.coordinate, shot.offsetKm),
          setting: plan.setting,
          view: plan.view,
          difficulty: composed.difficulty,
          countryPosterior: Math.round(composed.countryPosterior * 1e6) / 1e6,
          elements: [...composed.elements],
          cues: [...composed.cues],
          ...(composed.cues.some(({ kind }) => kind === 'landmark') && { landmark: plan.city.landmark.name }),
          ...(shot.repeats !== undefined && { repeats: idOf(shot.repeats) }),
        };
        onProgress?.(++done);
      })
      .catch((error: unknown) => failed.push(error));
    await encoding.onSizeLessThan(IN_WORK);
  }
  await encoding.onIdle();
  if (failed.length > 0) throw failed[0];
  return truths;
}

const idOf = (number: number): string => `m${String(number).padStart(6, '0')}.png`;

/** The city's point and its country's name, from the gazetteer by the city's GeoNames id. */
export function cityPosition(
  { geonameId, name, countryCode }: City,
  gazetteer: Gazetteer,
): { coordinate: Coordinate; country: string } {
  const found = gazetteer.geocode({ country: '', countryCode, city: name, geonameId });
  if (found.kind === 'found' && found.place.geonameId === geonameId)
    return { coordinate: found.coordinate, country: found.place.country };
  throw invalidInput(
    `The gazetteer does not know ${name}, ${countryCode} (GeoNames ${geonameId}).`,
    'Run `npm run build:gazetteer`.',
  );
}

const KM_PER_DEGREE = 111.195;

function moved(
  { latitudeDegrees, longitudeDegrees }: Coordinate,
  [east, north]: readonly [number, number],
): Coordinate {
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  const perDegree = KM_PER_DEGREE * Math.cos((latitudeDegrees * Math.PI) / 180);
  return coordinate(round(latitudeDegrees + north / KM_PER_DEGREE), round(longitudeDegrees + east / perDegree));
}

async function writeTables(
  folder: string,
  {
    truths,
    scenes,
    seed,
    pixels,
    gazetteer,
  }: { truths: readonly SceneTruth[]; scenes: number; seed: number; pixels: number; gazetteer: Gazetteer },
): Promise<WorldManifest> {
  for (const split of ['train', 'test'] as const) {
    const rows = truths.filter((truth) => truth.split === split).map(metadataRow);
    await writeFile(join(folder, FILES[split]), stringify(rows, { header: true, columns: COLUMNS }));
  }
  const lines = truths.map((truth) => `${JSON.stringify(truth)}\n`).join('');
  await writeFile(join(folder, FILES.truth), lines);
  const count = (test: (truth: SceneTruth) => boolean): number => truths.filter(test).length;
  const manifest: WorldManifest = {
    format: 'globe-miniature',
    formatVersion: FORMAT_VERSION,
    scenes,
    seed,
    pixels,
    digest: createHash('sha256').update(lines).digest('hex'),
    counts: {
      train: count(({ split }) => split === 'train'),
      test: count(({ split }) => split === 'test'),
      countries: new Set(truths.map(({ countryCode }) => countryCode)).size,
      cities: new Set(truths.map(({ geonameId }) => geonameId)).size,
      owners: new Set(truths.map(({ owner }) => owner)).size,
      repeats: count(({ repeats }) => repeats !== undefined),
      ...Object.fromEntries(SETTINGS.map((name) => [name, count(({ setting }) => setting === name)])),
      ...Object.fromEntries(DIFFICULTIES.map((name) => [name, count(({ difficulty }) => difficulty === name)])),
    },
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

/** MP-16's columns (without the finer scene classes), then the place as MP16-Reason-Test names it, and the licence. */
const COLUMNS = [
  'IMG_ID',
  'AUTHOR',
  'LAT',
  'LON',
  'S3_Label',
  'Prob_indoor',
  'Prob_natural',
  'Prob_urban',
  'city',
  'country',
  'licence',
];

function metadataRow(truth: SceneTruth): Record<string, string | number> {
  const label = SETTINGS.indexOf(truth.setting);
  // What a scene classifier would give: sure of the setting, never certain.
  const random = seeded(Number.parseInt(truth.sha256.slice(0, 8), 16));
  const sure = 0.6 + 0.38 * random.next();
  const rest = random.next() * (1 - sure);
  const others = [rest, 1 - sure - rest];
  const probabilities = SETTINGS.map((_, i) => Math.round((i === label ? sure : others.pop()!) * 1e6) / 1e6);
  return {
    IMG_ID: truth.id,
    AUTHOR: truth.owner,
    LAT: truth.latitudeDegrees,
    LON: truth.longitudeDegrees,
    S3_Label: label,
    Prob_indoor: probabilities[0]!,
    Prob_natural: probabilities[1]!,
    Prob_urban: probabilities[2]!,
    city: truth.city,
    country: truth.country,
    licence: truth.licence,
  };
}
