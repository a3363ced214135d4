/**
 * Returns the exact segmentation of a drawing through the interface of a segmentation model. Options make the segmenter
 * miss small elements at a known rate, as real models do.
 */
import { random as seeded, seedFrom } from '../../core/random.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import type { World } from '../world.ts';

export type TruthSegmenterOptions = {
  /** Probability that the segmenter misses an element whose share of the picture is below `smallShare`. */
  readonly missed?: number;
  readonly smallShare?: number;
};

/** Creates the segmenter. Its `segment` throws `not-found` for an image that is not from this world. */
export function truthSegmenter(world: World, { missed = 0, smallShare = 0.01 }: TruthSegmenterOptions = {}): Segmenter {
  return {
    name: missed === 0 ? 'miniature-truth' : `miniature-truth, ${missed} of the small elements missed`,
    labels: world.vocabulary,
    segment: async (image, { signal }) => {
      signal.throwIfAborted();
      const { id, elements } = world.sceneOf(image);
      const random = seeded(seedFrom(`${id}:segmentation`));
      const found = elements.filter(({ share }) => random.next() >= missed || share >= smallShare);
      return Promise.resolve(found);
    },
  };
}
