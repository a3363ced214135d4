/**
 * Geo-localization as retrieval: images and positions are embedded as unit vectors. Contrastive training, as in CLIP
 * and GeoCLIP, makes a photo's vector similar to the vector of its position. The answer is the gallery position whose
 * vector is most similar to the photo's vector.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import { distanceKm } from '../../core/distance.ts';
import { invalidInput } from '../../core/errors.ts';
import {
  add,
  exp,
  float32,
  input,
  iota,
  l2Normalize,
  logProbability,
  matmul,
  minimum,
  mul,
  neg,
  reduceSum,
  softmax,
  type Tensor,
} from '../../tensor/index.ts';
import type { EncoderConfig } from '../config.ts';
import { linear } from '../model/layers.ts';
import { newParameters, type Parameters } from '../model/parameters.ts';
import { encodeLocations, LOCATION_FEATURES, locationFeatures } from './location-encoder.ts';
import { imageVectors, type PositionHead } from './position-head.ts';

export type ImageRetriever = PositionHead & { readonly kind: 'image-retriever'; readonly width: number };

export type ImageRetrieverOptions = {
  readonly encoder: EncoderConfig;
  /** The positions that can be answers. */
  readonly gallery: readonly Coordinate[];
  /** Length of the embedding vectors. */
  readonly width?: number;
};

/** Logarithms of the initial and maximum factor that scales similarities before the softmax, as in CLIP. */
const INITIAL_SCALE = Math.log(1 / 0.07);
const MAX_SCALE = Math.log(100);
const HIDDEN = 256;
/**
 * Gallery positions within this distance of the answer add to the answer's confidence. 25 km is the usual threshold for
 * the correct city.
 */
const SAME_PLACE_KM = 25;

/**
 * Defines a retriever. The confidence of an answer is the sum of the softmax probabilities of the answer and of the
 * gallery positions near it. The confidence depends on the gallery and is not calibrated. Throws `invalid-input` for an
 * empty gallery.
 */
export function imageRetriever({ encoder, gallery, width = 128 }: ImageRetrieverOptions): ImageRetriever {
  if (gallery.length === 0) throw invalidInput('A retriever needs a gallery; got no positions.');
  const images = (p: Parameters): Tensor =>
    l2Normalize(
      linear(p.within('retrieval.image'), imageVectors(p, encoder), { out: width, bias: true, deviation: 0.06 }),
    );
  const locations = (p: Parameters, count: string): Tensor =>
    encodeLocations(p.within('retrieval.location'), input('features', [count, LOCATION_FEATURES]), {
      width,
      hidden: HIDDEN,
    });
  const sharpness = (p: Parameters): Tensor =>
    exp(minimum(p.get('retrieval.scale', [], { kind: 'constant', value: INITIAL_SCALE }), MAX_SCALE));
  return {
    kind: 'image-retriever',
    encoder,
    width,
    positions: gallery,
    leastBatch: 2,
    // The loss is symmetric, as in CLIP: each image must identify its position, and each position must identify its
    // image.
    loss: (p) => {
      const [shown, taken] = [images(p), locations(p, 'images')];
      const scale = sharpness(p);
      const toward = (a: Tensor, b: Tensor): Tensor =>
        reduceSum(logProbability(mul(matmul(a, b, { transposeB: true }), scale), iota('images')));
      return mul(neg(add(toward(shown, taken), toward(taken, shown))), input('share', []));
    },
    lossFeeds: (taken) => ({ features: locationFeatures(taken), share: float32([], [1 / (2 * taken.length)]) }),
    prepare: {
      define: () => ({ outputs: { gallery: locations(newParameters(), 'positions') } }),
      feeds: () => ({ features: locationFeatures(gallery) }),
    },
    probabilities: (p) => {
      const vectors = input('gallery', ['positions', width]);
      return softmax(mul(matmul(images(p), vectors, { transposeB: true }), sharpness(p)));
    },
    confidence: (probabilities, answer) => {
      const at = gallery[answer]!;
      return Math.min(
        1,
        probabilities.reduce((sum, p, i) => (distanceKm(gallery[i]!, at) <= SAME_PLACE_KM ? sum + p : sum), 0),
      );
    },
  };
}
