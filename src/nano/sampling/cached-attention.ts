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
  /** [batch, keyValueHeads, 1, capacity, headWidth], one position after the other, as a product reads them fastest. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** `cacheMask` of the lengths. */
  readonly mask: Tensor;
};

/**
 * [batch, 1, 1, 1, capacity]: 0 at positions of a sequence of that length, very negative elsewhere. lengths int32
 * [batch]
 */
export function cacheMask(lengths: Tensor): Tensor {
  const filled = less(iota('capacity'), reshape(lengths, ['batch', 1, 1, 1, 1]));
  return where(filled, 0, -1e9);
}

/** [batch, 1, heads * headWidth] */
export function attendCached(inputs: CachedInputs): Tensor {
  const { query, key, value, keys, values, mask, heads, keyValueHeads, headWidth } = inputs;
  // Each query is its own vector-matrix product, for which the runtime reads the cache in place; for a few
  // queries together it would first copy the matrix into the layout of large products.
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
