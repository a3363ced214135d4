/**
 * AdamW as a loop over arrays, for weights that stay in the caller's memory. It computes the same update as the graph
 * of optimizer.ts. Unlike the graph, the loop copies no weights or moments out of the runtime. These copies would take
 * longer than the arithmetic.
 */

/** Arrays of equal length. The step overwrites all of them except the gradients. */
export type AdamWArrays = {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
};

export type AdamWStep = {
  readonly learningRate: number;
  /** Number of this update, for the bias correction. The first update is 1. */
  readonly step: number;
  /** Factor by which clipping scales the gradients. */
  readonly gradientScale: number;
  readonly weightDecay: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
};

/** The smallest normal number in float32. Processors are a hundred times slower on smaller numbers. */
const MIN_NORMAL = 2 ** -126;

/**
 * Updates the elements from `from` up to, but not including, `to`. Moments that are too small for a normal float32
 * become 0. Otherwise, the first moments of tokens that no longer occur would stay at tiny numbers forever, which are
 * slow to compute with.
 *
 * @example const arrays = { parameters, gradients, firstMoments, secondMoments }; adamWInPlace(arrays, { from: 0, to:
 * parameters.length }, { learningRate: 1e-3, step: 1, gradientScale: 1, weightDecay: 0 });
 */
export function adamWInPlace(
  { parameters, gradients, firstMoments, secondMoments }: AdamWArrays,
  { from, to }: { readonly from: number; readonly to: number },
  { learningRate, step, gradientScale, weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWStep,
): void {
  const new1 = 1 - beta1;
  const new2 = 1 - beta2;
  // Computes lr m̂ / (sqrt(v̂) + ε). The bias corrections are applied to scalars, which is faster than to arrays.
  const root2 = Math.sqrt(1 - beta2 ** step);
  const rate = (learningRate * root2) / (1 - beta1 ** step);
  const floor = root2 * epsilon;
  const rest = 1 - learningRate * weightDecay;
  for (let i = from; i < to; i++) {
    const g = gradients[i]! * gradientScale;
    const m = firstMoments[i]! * beta1 + g * new1;
    const v = secondMoments[i]! * beta2 + g * g * new2;
    parameters[i] = parameters[i]! * rest - (m / (Math.sqrt(v) + floor)) * rate;
    firstMoments[i] = Math.abs(m) < MIN_NORMAL ? 0 : m;
    secondMoments[i] = v < MIN_NORMAL ? 0 : v;
  }
}

/** Returns the sum of the squares of the elements from `from` up to, but not including, `to`, in float64. */
export function sumOfSquares(
  values: Float32Array,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]! * values[i]!;
  return sum;
}
