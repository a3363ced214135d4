/**
 * Attention of one new token per sequence over earlier ones. The caches are inputs, which the runtime reads without a
 * copy; the new token's key and value are outputs, a few kilobytes that the caller appends. (As an output, the cache
 * would be copied at every step, because the binding copies all outputs.)
 */
import {
  add,
  concat,
  iota,
  less,
  matmul,
  mul,
  reduceSum,
  reshape,
  softmax,
  split,
  type Tensor,
  where,
} from '../../tensor/index.ts';
import type { Heads } from '../model/attention.ts';

export type CachedInputs = Heads & {
  /** [batch, 1, heads * headWidth] */
  readonly query: Tensor;
  /** [batch, 1, keyValueHeads * headWidth] */
  readonly key: Tensor;
  readonly value: Tensor;
  /** [batch, keyValueHeads, 1, capacity, headWidth]: positions are contiguous, which matrix products read fastest. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** The result of `cacheMask` for the sequences' lengths. */
  readonly mask: Tensor;
};

/**
 * Masks unused room in the cache: [batch, 1, 1, 1, capacity], 0 at the first `lengths` (int32 [batch]) positions, very
 * negative elsewhere.
 */
export function cacheMask(lengths: Tensor): Tensor {
  const filled = less(iota('capacity'), reshape(lengths, ['batch', 1, 1, 1, 1]));
  return where(filled, 0, -1e9);
}

/** [batch, 1, heads * headWidth] */
export function attendCached(inputs: CachedInputs): Tensor {
  const { query, key, value, keys, values, mask, heads, keyValueHeads, headWidth } = inputs;
  // Multiplies each query separately, because the runtime then reads the cache in place; for several queries together
  // it would first copy the cache into the layout of large products.
  const group = heads / keyValueHeads;
  const queries = reshape(mul(query, headWidth ** -0.5), ['batch', keyValueHeads, group, 1, headWidth]);
  const before = add(matmul(queries, keys, { transposeB: true }), mask);
  const products = mul(queries, reshape(key, ['batch', keyValueHeads, 1, 1, headWidth]));
  const itself = reshape(reduceSum(products, -1), ['batch', keyValueHeads, group, 1, 1]);
  const weights = softmax(concat([before, itself], -1));
  const [earlier, last] = split(weights, -1, ['capacity', 1]) as [Tensor, Tensor];
  const summed = matmul(earlier, values);
  const mixed = add(summed, mul(last, reshape(value, ['batch', keyValueHeads, 1, 1, headWidth])));
  return reshape(mixed, ['batch', 1, heads * headWidth]);
}
