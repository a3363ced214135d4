/** The unit that generates a world in its own folder. */
import { generateWorld, type WorldOptions } from '../../miniature/generate.ts';
import type { Unit } from '../../storage/units.ts';
import type { Resources } from '../resources.ts';
import { WORLD_PART } from './names.ts';

export type WorldUnitOptions = Pick<Unit, 'name'> & {
  readonly world: WorldOptions;
  readonly resources: Resources;
};

export function makeWorld({ name, world, resources: { gazetteer } }: WorldUnitOptions): Unit {
  return {
    name,
    kind: 'world',
    needs: [],
    settings: { world },
    make: async ({ run, signal, onProgress }) => {
      const { digest, counts } = await generateWorld({
        ...world,
        out: run.file(WORLD_PART),
        gazetteer,
        signal,
        onProgress: (done) => onProgress(done, world.scenes),
      });
      return { digest, counts };
    },
  };
}
