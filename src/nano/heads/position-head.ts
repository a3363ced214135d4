/**
 * The interface of a model family that answers with a position instead of text. A head takes the image encoder's output
 * and gives each position of a list a probability. `PositionModel` trains and runs heads, so a new family needs only a
 * new head.
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
  /**
   * Builds the graph of a batch's mean loss, with the inputs that `lossFeeds` provides. The graph must use every
   * parameter of the model.
   */
  loss(p: Parameters): Tensor;
  lossFeeds(taken: readonly Coordinate[]): Feeds;
  /** Builds the graph of each position's probability for each photo. [images, positions] */
  probabilities(p: Parameters): Tensor;
  /**
   * Computes those inputs of `probabilities` that depend only on the weights. The result is cached until the weights
   * change.
   */
  readonly prepare?: { readonly define: () => ProgramDefinition; readonly feeds: () => Feeds };
  /** Returns the confidence, in [0, 1], of the answer with index `answer`. `probabilities` are those of one photo. */
  confidence(probabilities: Float32Array, answer: number): number;
};

const patchesInput = (encoder: EncoderConfig): Tensor =>
  input('patches', ['images', imagePatches(encoder), encoder.image.patchPixels ** 2 * 3]);

/**
 * Computes one vector per photo by pooling its patches with mean and maximum. The mean shows how much of the photo a
 * feature fills. The maximum shows whether the feature occurs: a flag in one patch hardly changes the mean over fifty
 * patches of sky. [images, 4 * vision.width]
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
