/**
 * Where in its photos a world shows what: the drawing done again, since a world on disk holds the pictures and not their
 * segmentations. For a vision encoder that is to know things before a model learns to talk about them; it names no place.
 */
import { invalidInput } from '../../core/errors.ts';
import { packageVersion } from '../../storage/package-version.ts';
import { readWorldManifest } from '../layout.ts';
import { rosterOf } from '../roster.ts';
import { shoot } from '../shoot.ts';
import type { ElementMap } from '../../training/photo-source.ts';
import type { World } from '../world.ts';

export type ElementMapOf = (id: string) => ElementMap;

/** The map of a scene by its id. Throws `invalid-input` for a world of another version, which may draw otherwise. */
export async function openElementMaps(world: Pick<World, 'folder'>): Promise<ElementMapOf> {
  const { scenes, seed, pixels, versions } = await readWorldManifest(world.folder);
  if (versions['globe'] !== packageVersion()) {
    throw invalidInput(
      `${world.folder} was made by version ${versions['globe']}; this is ${packageVersion()}.`,
      'Generate the world anew.',
    );
  }
  const shots = rosterOf({ scenes, seed });
  return (id) => {
    const shot = shots[Number(/^m(\d+)\.png$/.exec(id)?.[1])];
    if (shot === undefined) throw invalidInput(`${world.folder} has no scene ${id}.`);
    const { composed } = shoot(shot, pixels);
    return { pixels, map: composed.segmentation(), labels: composed.labels };
  };
}
