/** The unit that curates the training photos of a world with its simulated annotators. */
import type { Recipe } from '../../curation/recipe/recipe.ts';
import type { Unit } from '../../storage/units.ts';
import { curateSet } from '../curate-set.ts';
import type { Resources } from '../resources.ts';
import { CURATION_PART } from './names.ts';

export type CurationUnitOptions = Pick<Unit, 'name' | 'needs' | 'settings'> & {
  readonly recipe: Recipe;
  /** Folder of the world. */
  readonly world: string;
  readonly resources: Resources;
};

export function makeCuration({ recipe, world, resources, ...unit }: CurationUnitOptions): Unit {
  const { gazetteer, grounder } = resources;
  return {
    ...unit,
    kind: 'curation',
    make: ({ run, signal, onProgress }) =>
      curateSet({ recipe, world, root: run.path, name: CURATION_PART, gazetteer, grounder, signal, onProgress }),
  };
}
