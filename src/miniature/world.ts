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
  /** Words of every element that any of its scenes shows, sorted. */
  readonly vocabulary: readonly string[];
  byId(id: string): SceneTruth | undefined;
  /**
   * The scene that an image shows, by the digest of its bytes, as the file is or as prepareImage makes it. Exact on
   * purpose: a lookup by likeness would confuse the photos of a burst. Throws `not-found` for any other image.
   */
  sceneOf(image: Pick<PreparedImage, 'sha256'>): SceneTruth;
};

/** Whether the folder holds a generated world; false for any other path. */
export const isWorld = (folder: string): Promise<boolean> =>
  stat(join(folder, FILES.truth)).then(
    () => true,
    () => false,
  );

/** Throws `not-found` or `invalid-input` where the folder holds no world. */
export async function openWorld(folder: string): Promise<World> {
  const path = join(folder, FILES.truth);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new GlobeError({
      code: 'not-found',
      message: `${folder} holds no generated world: ${messageOf(error)}.`,
      hint: 'Make one: globe miniature generate --out FOLDER.',
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
    throw invalidInput(`${where} is not JSON: ${messageOf(error)}.`, 'Generate the world anew.');
  }
  const parsed = truthSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(
    `${where} is no scene: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    'Generate the world anew with this version.',
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
        hint: 'Give an image of this world, unscaled; a world made with another version of sharp must be generated anew.',
      });
    },
  };
}
