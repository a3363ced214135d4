/**
 * The interface of a model family that answers with a position instead of text. A head defines graphs on top of the
 * image encoder that choose from a list of positions, and `PositionModel` trains and runs them. A new family needs only
 * a new head.
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
  /** The possible answers. */
  readonly positions: readonly Coordinate[];
  /** Minimum number of photos in a training batch. */
  readonly leastBatch: number;
  /** Defines the mean loss of a batch, which reads `lossFeeds`. The graph must use every parameter of the model. */
  loss(p: Parameters): Tensor;
  lossFeeds(taken: readonly Coordinate[]): Feeds;
  /** Defines the probability of each position for each photo. [images, positions] */
  probabilities(p: Parameters): Tensor;
  /**
   * Computes inputs of `probabilities` that depend only on the weights. The result is cached until the weights change.
   */
  readonly prepare?: { readonly define: () => ProgramDefinition; readonly feeds: () => Feeds };
  /** Returns the confidence in [0, 1] of the position with index `answer`, from the probabilities of one photo. */
  confidence(probabilities: Float32Array, answer: number): number;
};

const patchesInput = (encoder: EncoderConfig): Tensor =>
  input('patches', ['images', imagePatches(encoder), encoder.image.patchPixels ** 2 * 3]);

/**
 * Computes one vector per photo by pooling its patches. [images, 4 * vision.width] The mean shows how much of a feature
 * is visible. The maximum shows whether it is visible: in the mean, a flag in one patch would hardly count beside fifty
 * patches of sky.
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
