/**
 * Geo-localization as classification: an image encoder and one linear layer predict one of the cells that geocells.ts
 * makes. The answer is the mean position of the training photos in the most probable cell.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import { distanceKm } from '../../core/distance.ts';
import { invalidInput } from '../../core/errors.ts';
import { float32, input, logSoftmax, mul, neg, reduceSum, softmax, type Tensor } from '../../tensor/index.ts';
import type { EncoderConfig } from '../config.ts';
import { linear } from '../model/layers.ts';
import type { Parameters } from '../model/parameters.ts';
import { cellOf, type Geocells } from './geocells.ts';
import { imageVectors, type PositionHead } from './position-head.ts';

export type GeocellClassifier = PositionHead & { readonly kind: 'geocell-classifier'; readonly geocells: Geocells };

export type GeocellClassifierOptions = {
  readonly encoder: EncoderConfig;
  readonly geocells: Geocells;
  /**
   * Spreads the training target over cells near the photo's own cell (PIGEON's haversine smoothing): a cell's weight
   * falls by a factor of e per `smoothingKm` of distance. With the default of 0, the target is the own cell alone, as
   * in PlaNet. Affects training only.
   */
  readonly smoothingKm?: number;
};

/** Defines a classifier over cells. Throws `invalid-input` for fewer than 2 cells. */
export function geocellClassifier({ encoder, geocells, smoothingKm = 0 }: GeocellClassifierOptions): GeocellClassifier {
  const positions = geocells.cells.map(({ centre }) => centre);
  if (positions.length < 2) {
    throw invalidInput(
      `A classifier needs at least 2 cells; got ${positions.length}.`,
      'Use more photos, or lower minPhotos, maxPhotos or smallestKm.',
    );
  }
  const logits = (p: Parameters): Tensor =>
    linear(p.within('geocell'), imageVectors(p, encoder), { out: positions.length, bias: true });
  return {
    kind: 'geocell-classifier',
    encoder,
    geocells,
    positions,
    leastBatch: 1,
    loss: (p) => {
      const targets = input('targets', ['images', positions.length]);
      return mul(neg(reduceSum(mul(targets, logSoftmax(logits(p))))), input('share', []));
    },
    lossFeeds: (taken) => ({
      targets: float32(
        [taken.length, positions.length],
        taken.flatMap((at) => targetOf(at, { geocells, smoothingKm })),
      ),
      share: float32([], [1 / taken.length]),
    }),
    probabilities: (p) => softmax(logits(p)),
    confidence: (probabilities, answer) => probabilities[answer]!,
  };
}

/** Returns the training target for a photo taken at `at`: a probability for each cell. */
function targetOf(
  at: Coordinate,
  { geocells, smoothingKm }: { readonly geocells: Geocells; readonly smoothingKm: number },
): number[] {
  const own = cellOf(geocells, at);
  if (smoothingKm === 0) return geocells.cells.map((_, cell) => (cell === own ? 1 : 0));
  const distances = geocells.cells.map(({ centre }) => distanceKm(centre, at));
  // The centre of another cell can be nearer to the photo than the centre of the photo's own cell. The other cell then
  // gets the same weight as the own cell, but never more.
  const weights = distances.map((distance) => Math.exp(Math.min(0, distances[own]! - distance) / smoothingKm));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
