/**
 * Encodes positions as vectors, like the location tower of GeoCLIP (Vivanco Cepeda et al. 2023). The features are the
 * point on the unit sphere and random Fourier features at several scales. An MLP maps these features to the vector.
 * Unlike map projections, points on the sphere need no special case at the date line or the poles.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import { random } from '../../core/random.ts';
import { unitVector } from '../../core/sphere.ts';
import { float32, gelu, type HostArray, l2Normalize, type Tensor } from '../../tensor/index.ts';
import { linear } from '../model/layers.ts';
import type { Parameters } from '../model/parameters.ts';

/** Standard deviations of the frequencies in radians per Earth radius, for scales from continents down to 100 km. */
const DEVIATIONS = [1, 4, 16, 64];
/** Number of frequencies per standard deviation. Each frequency yields a sine and a cosine. */
const FREQUENCIES = 32;
/** Seed of the frequencies. It must never change, because checkpoints do not store the frequencies. */
const SEED = 2023;

/** Number of features of one position. */
export const LOCATION_FEATURES = 3 + 2 * FREQUENCIES * DEVIATIONS.length;

const frequencies: readonly (readonly [number, number, number])[] = (() => {
  const generator = random(SEED);
  return DEVIATIONS.flatMap((deviation) =>
    Array.from({ length: FREQUENCIES }, (): [number, number, number] => [
      generator.normal() * deviation,
      generator.normal() * deviation,
      generator.normal() * deviation,
    ]),
  );
})();

/** Computes the features of positions. [positions, LOCATION_FEATURES] */
export function locationFeatures(positions: readonly Coordinate[]): HostArray {
  const data = new Float32Array(positions.length * LOCATION_FEATURES);
  let at = 0;
  for (const position of positions) {
    const [x, y, z] = unitVector(position);
    for (const value of [x, y, z]) data[at++] = value;
    for (const [a, b, c] of frequencies) {
      const phase = a * x + b * y + c * z;
      data[at++] = Math.sin(phase);
      data[at++] = Math.cos(phase);
    }
  }
  return float32([positions.length, LOCATION_FEATURES], data);
}

/** Encodes features [positions, LOCATION_FEATURES] as unit vectors [positions, width]. */
export function encodeLocations(
  p: Parameters,
  features: Tensor,
  { width, hidden }: { width: number; hidden: number },
): Tensor {
  const inner = gelu(linear(p.within('up'), features, { out: hidden, bias: true, deviation: 0.06 }));
  return l2Normalize(linear(p.within('down'), inner, { out: width, bias: true, deviation: 0.06 }));
}
