/**
 * The drawing's own segmentation, behind the interface of a segmentation model: exact, or with small elements missing at
 * a known rate, as models miss them.
 */
import { random as seeded, seedFrom } from '../../core/random.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import type { World } from '../world.ts';

export type TruthSegmenterOptions = {
  /** Probability of missing an element with a share below `smallShare`. */
  readonly missed?: number;
  readonly smallShare?: number;
};

/** Segmenting throws `not-found` for an image outside the world. */
export function truthSegmenter(world: World, { missed = 0, smallShare = 0.01 }: TruthSegmenterOptions = {}): Segmenter {
  return {
    name: missed === 0 ? 'miniature-truth' : `miniature-truth, ${missed} of the small elements missed`,
    segment: async (image, { signal }) => {
      signal.throwIfAborted();
      const { id, elements } = world.sceneOf(image);
      const random = seeded(seedFrom(`${id}:segmentation`));
      const found = elements.filter(({ share }) => random.next() >= missed || share >= smallShare);
      return Promise.resolve(found);
    },
  };
}
