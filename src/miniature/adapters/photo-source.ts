/**
 * The training photos of a generated world, with their places, elements and element maps, but without reasoning texts.
 */
import { join } from 'node:path';
import { random, shuffled } from '../../core/random.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import type { PhotoSource } from '../../training/photo-source.ts';
import type { TrainingExample } from '../../training/training-example.ts';
import { FILES } from '../layout.ts';
import type { SceneTruth } from '../truth.ts';
import type { World } from '../world.ts';
import { type ElementMapOf, openElementMaps } from './element-labels.ts';

export function worldSource(world: World): PhotoSource {
  let maps: Promise<ElementMapOf> | undefined;
  return {
    name: world.folder,
    hasReasonings: false,
    photos: async ({ split, limit, seed, signal }) => {
      const scenes = world.scenes.filter((scene) => scene.split === split);
      const examples: TrainingExample[] = [];
      for (const scene of shuffled(scenes, random(seed)).slice(0, limit)) {
        signal.throwIfAborted();
        examples.push(await exampleOf(scene, join(world.folder, FILES.images, scene.id)));
      }
      return examples;
    },
    elementMap: async (id) => (await (maps ??= openElementMaps(world)))(id),
  };
}

async function exampleOf(scene: SceneTruth, path: string): Promise<TrainingExample> {
  return {
    id: scene.id,
    image: await prepareImage(path),
    truth: { country: scene.country, countryCode: scene.countryCode, city: scene.city, geonameId: scene.geonameId },
    truthCoordinate: { latitudeDegrees: scene.latitudeDegrees, longitudeDegrees: scene.longitudeDegrees },
    elements: scene.elements,
    owner: scene.owner,
    scene: scene.setting,
  };
}
