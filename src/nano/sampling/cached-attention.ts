/**
 * Attention of one new token per sequence over the earlier tokens. The graph only reads the cache, which needs no copy.
 * Returning an updated cache would copy it at every step, so the caller appends the new key and value itself.
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
  /** [batch, keyValueHeads, 1, capacity, headWidth]. With contiguous positions, matrix products are fastest. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** The mask that `cacheMask` returns. */
  readonly mask: Tensor;
};

/**
 * Returns a mask for the cache: 0 for the first `lengths` (int32 [batch]) positions, and a large negative number for
 * unused positions. [batch, 1, 1, 1, capacity]
 */
export function cacheMask(lengths: Tensor): Tensor {
  const filled = less(iota('capacity'), reshape(lengths, ['batch', 1, 1, 1, 1]));
  return where(filled, 0, -1e9);
}

/** Computes the output of attention. [batch, 1, heads * headWidth] */
export function attendCached(inputs: CachedInputs): Tensor {
  const { query, key, value, keys, values, mask, heads, keyValueHeads, headWidth } = inputs;
  // Each query is a separate matrix product, because the runtime then reads the cache in place. For a product of
  // several queries, the runtime would first copy the cache to another layout.
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
