/** Draws every shot of a roster, writes its image and returns its truth. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import sharp from 'sharp';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { prepareImage } from '../image/prepare-image.ts';
import type { Composed } from './compose.ts';
import { FILES } from './layout.ts';
import { cityPosition, moved } from './position.ts';
import type { Shot } from './roster.ts';
import { shoot } from './shoot.ts';
import type { SceneTruth } from './truth.ts';

/**
 * Maximum number of scenes in progress. One scene is being drawn while other threads encode the images of the others.
 */
const MAX_SCENES = 4;

export type WriteImagesOptions = {
  readonly gazetteer: Gazetteer;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
  readonly shots: readonly Shot[];
  readonly pixels: number;
};

/** Returns the truths of all shots, in order. Stops at the first failure and throws it. */
export async function writeImages(folder: string, options: WriteImagesOptions): Promise<SceneTruth[]> {
  const { shots, pixels, gazetteer, signal, onProgress } = options;
  const truths: SceneTruth[] = [];
  const failures: unknown[] = [];
  const encoding = new PQueue({ concurrency: MAX_SCENES });
  let done = 0;
  try {
    for (const shot of shots) {
      signal.throwIfAborted();
      if (failures.length > 0) break;
      const { plan, composed } = shoot(shot, pixels);
      const write = async (): Promise<void> => {
        const digests = await writeImage(join(folder, FILES.images, idOf(shot.number)), composed, pixels);
        const place = cityPosition(shot.city, gazetteer);
        truths[shot.number] = truthOf(shot, { view: plan.view, composed, digests, place });
        onProgress?.(++done);
      };
      encoding.add(write).catch((error: unknown) => failures.push(error));
      await encoding.onSizeLessThan(MAX_SCENES);
    }
  } finally {
    // After a failure the caller removes the folder, so wait here until no write is in progress.
    await encoding.onIdle();
  }
  if (failures.length > 0) throw failures[0];
  return truths;
}

const idOf = (number: number): string => `m${String(number).padStart(6, '0')}.png`;

export type Digests = Pick<SceneTruth, 'sha256' | 'preparedSha256'>;

async function writeImage(path: string, { image }: Composed, pixels: number): Promise<Digests> {
  const raw = { width: pixels, height: pixels, channels: 3 } as const;
  const bytes = await sharp(image, { raw }).png({ compressionLevel: 9 }).toBuffer();
  await writeFile(path, bytes);
  const { sha256 } = await prepareImage(bytes, { label: path });
  return { sha256: createHash('sha256').update(bytes).digest('hex'), preparedSha256: sha256 };
}

/** The truth about a finished picture. */
export function truthOf(
  shot: Shot,
  picture: { view: string; composed: Composed; digests: Digests; place: ReturnType<typeof cityPosition> },
): SceneTruth {
  const { city, split, owner, licence, setting, repeats } = shot;
  const { elements, cues, difficulty, countryPosterior } = picture.composed;
  return {
    id: idOf(shot.number),
    ...picture.digests,
    split,
    owner,
    licence,
    country: picture.place.country,
    countryCode: city.countryCode,
    city: city.name,
    geonameId: city.geonameId,
    ...moved(picture.place.coordinate, shot.offsetKm),
    setting,
    view: picture.view,
    difficulty,
    countryPosterior: Math.round(countryPosterior * 1e6) / 1e6,
    elements: [...elements],
    cues: [...cues],
    ...(cues.some(({ kind }) => kind === 'landmark') && { landmark: city.landmark.name }),
    ...(repeats !== undefined && { repeats: idOf(repeats) }),
  };
}
