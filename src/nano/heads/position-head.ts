/**
 * The definition of a model family that answers with positions instead of text: graphs over the image encoder that
 * choose from a list of positions. `PositionModel` trains and runs it; a new family needs only a new definition.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import {
  concat,
  gelu,
  type HostArray,
  input,
  type ProgramDefinition,
  reduceMax,
  reduceMean,
  type Tensor,
} from '../../tensor/index.ts';
import { type EncoderConfig, imagePatches } from '../config.ts';
import { linear, norm } from '../model/layers.ts';
import type { Parameters } from '../model/parameters.ts';
import { encodePatches } from '../model/vision-encoder.ts';

export type Feeds = Readonly<Record<string, HostArray>>;

export type PositionHead = {
  readonly encoder: EncoderConfig;
  /** The list of possible answers. */
  readonly positions: readonly Coordinate[];
  /** Minimum number of photos in a training batch. */
  readonly leastBatch: number;
  /** Mean loss of a batch of photos, given `lossFeeds`. Its graph must use every parameter of the model. */
  loss(p: Parameters): Tensor;
  lossFeeds(taken: readonly Coordinate[]): Feeds;
  /** Probability of each position for each photo: [images, positions]. */
  probabilities(p: Parameters): Tensor;
  /** Inputs of `probabilities` that depend only on the weights; computed again only when the weights change. */
  readonly prepare?: { readonly define: () => ProgramDefinition; readonly feeds: () => Feeds };
  /** Confidence of a photo's answer, in [0, 1], from the photo's probabilities. */
  confidence(probabilities: Float32Array, answer: number): number;
};

/** The input for the patches of a batch of photos. */
const patchesInput = (encoder: EncoderConfig): Tensor =>
  input('patches', ['images', imagePatches(encoder), encoder.image.patchPixels ** 2 * 3]);

/**
 * One vector per photo: [images, 4 * vision.width]. Pools patches by mean (how much of something is visible) and by
 * maximum (whether it is visible at all): with the mean alone, a flag in one patch would hardly count beside sky in
 * fifty patches.
 */
export function imageVectors(p: Parameters, encoder: EncoderConfig): Tensor {
  const encoded = encodePatches(p.within('vision'), patchesInput(encoder), encoder);
  const seen = gelu(linear(p.within('pool'), encoded, { out: encoder.vision.width * 2, bias: true, deviation: 0.1 }));
  return concat(
    [
      norm(p.within('pool.mean'), reduceMean(seen, 1), 'layer'),
      norm(p.within('pool.maximum'), reduceMax(seen, 1), 'layer'),
    ],
    1,
  );
}
