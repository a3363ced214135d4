/**
 * The Equal Earth projection as GeoCLIP's location encoder applies it (Šavrič, Patterson and Jenny, 2018; constants of
 * the PyPI package `geoclip` 1.3). Every step rounds to float32, as the package does. The encoder's frequencies are so
 * high that an error in the last bit of a position changes its features.
 */
import type { Coordinate } from '../../core/coordinate.ts';

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const SCALE = 66.50336;
const f = Math.fround;
const SQRT_3 = f(Math.sqrt(3));
const RADIANS_PER_DEGREE = Math.PI / 180;

/** Projects positions to x, y in the encoder's units (about [-1, 1]): float32 [n, 2], row by row. */
export function equalEarth(positions: readonly Coordinate[]): Float32Array<ArrayBuffer> {
  const out = new Float32Array(positions.length * 2);
  for (const [i, { latitudeDegrees, longitudeDegrees }] of positions.entries()) {
    const latitude = f(f(latitudeDegrees) * RADIANS_PER_DEGREE);
    const longitude = f(f(longitudeDegrees) * RADIANS_PER_DEGREE);
    const theta = f(Math.asin(f(f(SQRT_3 / 2) * f(Math.sin(latitude)))));
    const t2 = f(theta * theta);
    const t3 = f(t2 * theta);
    const power = (exponent: number): number => f(theta ** exponent);
    const polynomial = f(f(f(9 * A4 * power(8)) + f(7 * A3 * power(6))) + f(3 * A2 * t2));
    const denominator = f(3 * f(polynomial + f(A1)));
    const x = f(f(f(f(2 * SQRT_3) * longitude) * f(Math.cos(theta))) / denominator);
    const y = f(f(f(f(A4 * power(9)) + f(A3 * power(7))) + f(A2 * t3)) + f(A1 * theta));
    out[2 * i] = f(f(x * f(SCALE)) / 180);
    out[2 * i + 1] = f(f(y * f(SCALE)) / 180);
  }
  return out;
}
