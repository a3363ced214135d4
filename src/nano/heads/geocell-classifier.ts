/**
 * Geo-localization as classification: the image encoder and one linear layer over cells (geocells.ts). The answer is the mean position of
 * the winning cell's training photos.
 */
import { invalidInput } from '../../core/errors.ts';
import {
  float32,
  input,
  int32,
  logProbability,
  mul,
  neg,
  reduceSum,
  softmax,
  type Tensor,
} from '../../tensor/index.ts';
import type { EncoderConfig } from '../config.ts';
import { linear } from '../model/layers.ts';
import type { Parameters } from '../model/parameters.ts';
import { cellOf, type Geocells } from './geocells.ts';
import { imageVectors, type PositionHead } from './position-head.ts';

export type GeocellClassifier = PositionHead & { readonly kind: 'geocell-classifier'; readonly geocells: Geocells };

export type GeocellClassifierOptions = { readonly encoder: EncoderConfig; readonly geocells: Geocells };

/** Throws `invalid-input` for fewer than 2 cells. */
export function geocellClassifier({ encoder, geocells }: GeocellClassifierOptions): GeocellClassifier {
  const positions = geocells.cells.map(({ centre }) => centre);
  if (positions.length < 2)
    throw invalidInput(`A classifier needs at least 2 cells, and was given ${positions.length}.`);
  const logits = (p: Parameters): Tensor =>
    linear(p.within('geocell'), imageVectors(p, encoder), { out: positions.length, bias: true });
  return {
    kind: 'geocell-classifier',
    encoder,
    geocells,
    positions,
    leastBatch: 1,
    loss: (p) => {
      const logprobs = logProbability(logits(p), input('cells', ['images'], 'int32'));
      return mul(neg(reduceSum(logprobs)), input('share', []));
    },
    lossFeeds: (taken) => ({
      cells: int32(
        [taken.length],
        taken.map((position) => cellOf(geocells, position)),
      ),
      share: float32([], [1 / taken.length]),
    }),
    probabilities: (p) => softmax(logits(p)),
    confidence: (probabilities, answer) => probabilities[answer]!,
  };
}
