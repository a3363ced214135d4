/** A generated world on disk: reads its truth and finds the scene of an image. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { FILES } from './layout.ts';
import { type SceneTruth, truthSchema } from './truth.ts';

export type World = {
  readonly folder: string;
  readonly scenes: readonly SceneTruth[];
  /** Labels of all elements in its scenes, sorted. */
  readonly vocabulary: readonly string[];
  byId(id: string): SceneTruth | undefined;
  /**
   * Finds the scene of an image by the digest of its bytes, before or after prepareImage. The match must be exact,
   * because a similarity search would confuse the photos of a burst. Throws `not-found` for any other image.
   */
  sceneOf(image: Pick<PreparedImage, 'sha256'>): SceneTruth;
};

/** True when the folder is a generated world. */
export const isWorld = (folder: string): Promise<boolean> =>
  stat(join(folder, FILES.truth)).then(
    () => true,
    () => false,
  );

/**
 * Opens a world. Throws `not-found` when the folder is not a world, and `invalid-input` for invalid lines in its truth
 * file.
 */
export async function openWorld(folder: string): Promise<World> {
  const path = join(folder, FILES.truth);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new GlobeError({
      code: 'not-found',
      message: `Cannot find a generated world in ${folder}: ${messageOf(error)}.`,
      hint: 'Generate one: globe miniature generate --out FOLDER.',
    });
  });
  const scenes = text
    .split('\n')
    .flatMap((line, i) => (line === '' ? [] : [parseLine(line, `${path}, line ${i + 1}`)]));
  return createWorld({ folder, scenes });
}

function parseLine(line: string, where: string): SceneTruth {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw invalidInput(`Invalid JSON in ${where}: ${messageOf(error)}.`, 'Generate the world again.');
  }
  const parsed = truthSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(
    `Invalid scene in ${where}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    'Generate the world again with this version.',
  );
}

export function createWorld({ folder, scenes }: { folder: string; scenes: readonly SceneTruth[] }): World {
  const ids = new Map(scenes.map((scene) => [scene.id, scene]));
  const digests = new Map(
    scenes.flatMap((scene) => [[scene.sha256, scene] as const, [scene.preparedSha256, scene] as const]),
  );
  return {
    folder,
    scenes,
    vocabulary: [...new Set(scenes.flatMap(({ elements }) => elements.map(({ label }) => label)))].sort(),
    byId: (id) => ids.get(id),
    sceneOf: ({ sha256 }) => {
      const scene = digests.get(sha256);
      if (scene !== undefined) return scene;
      throw new GlobeError({
        code: 'not-found',
        message: `No scene of ${folder} has the image ${sha256.slice(0, 12)}….`,
        hint: 'Use an unscaled image of this world. If another version of sharp wrote the world, generate it again.',
      });
    },
  };
}
