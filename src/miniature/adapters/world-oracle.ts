/** The oracle of a generated world: it reads the true answers from the truth file. Only reports may use it. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isWorld, openWorld, type World } from '../world.ts';
import type { Oracle } from '../../curation/judge/oracle.ts';
import { sceneWords } from './scene-words.ts';

/** Opens the oracle of the world that contains the photo table `input`; undefined if the photos were not generated. */
export async function openMiniatureOracle(input: string): Promise<Oracle | undefined> {
  const folder = (await stat(input)).isDirectory() ? input : dirname(input);
  return (await isWorld(folder)) ? miniatureOracle(await openWorld(folder)) : undefined;
}

export function miniatureOracle(world: World): Oracle {
  const read = sceneWords(world.vocabulary);
  return {
    localizable: (id) => {
      const scene = world.byId(id);
      return scene === undefined ? undefined : scene.difficulty !== 'not-localizable';
    },
    hallucinated: (id, reasoning) => read(reasoning, world.byId(id)?.elements.map(({ label }) => label) ?? []).invented,
    motif: (id) => world.byId(id)?.repeats ?? id,
  };
}
