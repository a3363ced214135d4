/** Attention over whole sequences, for training and prompts. For sampling see sampling/cached-attention.ts. */
import {
  add,
  addDims,
  and,
  cast,
  concat,
  constant,
  dimension,
  greater,
  greaterOrEqual,
  iota,
  less,
  lessOrEqual,
  matmul,
  multiplyDims,
  mul,
  or,
  reshape,
  softmax,
  sub,
  type Tensor,
  transpose,
  where,
} from '../../tensor/index.ts';
import type { Dim } from '../../tensor/index.ts';
import { linear } from './layers.ts';
import type { Parameters } from './parameters.ts';
import { rotate, type RotaryTables } from './rotary.ts';

export type Heads = {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headWidth: number;
};

/**
 * Queries [batch, length, heads * headWidth], and keys and values [batch, length, keyValueHeads * headWidth]. The last
 * axis has the vectors of all heads, one after the other.
 */
export type Projected = { readonly queries: Tensor; readonly keys: Tensor; readonly values: Tensor };

/** Projects x [batch, length, width] to queries, keys and values. */
export function project(p: Parameters, x: Tensor, { heads, keyValueHeads, headWidth }: Heads): Projected {
  return {
    queries: linear(p.within('q'), x, { out: heads * headWidth }),
    keys: linear(p.within('k'), x, { out: keyValueHeads * headWidth }),
    values: linear(p.within('v'), x, { out: keyValueHeads * headWidth }),
  };
}

/** Rotates queries and keys by their positions. Without `rotary`, returns them unchanged. */
export function turn(
  { queries, keys, values }: Projected,
  { heads, keyValueHeads }: Heads,
  rotary?: RotaryTables,
): Projected {
  if (rotary === undefined) return { queries, keys, values };
  return { queries: rotate(queries, rotary, heads), keys: rotate(keys, rotary, keyValueHeads), values };
}

export type AttentionOptions = Heads & {
  /**
   * Values that are added to the attention scores [batch, heads, length, keys], with broadcasting: 0 where a query may
   * attend, a large negative number elsewhere. Without a mask, every query attends to all keys.
   */
  readonly mask?: Tensor;
  readonly rotary?: RotaryTables;
  /** Keys and values of earlier positions, already rotated [batch, keyValueHeads, earlier, headWidth]. */
  readonly before?: KeysAndValues;
};

export type KeysAndValues = { readonly keys: Tensor; readonly values: Tensor };

/**
 * The output of attention, and the rotated keys and values [batch, keyValueHeads, length, headWidth], which can be
 * cached.
 */
export type Attended = KeysAndValues & {
  /** [batch, length, heads * headWidth] */
  readonly output: Tensor;
};

/**
 * Computes softmax attention. Every position of a sequence can attend to the sequence and to the earlier positions in
 * `before`.
 */
export function attend(projected: Projected, options: AttentionOptions): Attended {
  const { heads, keyValueHeads, headWidth, mask, rotary, before } = options;
  const turned = turn(projected, options, rotary);
  const [batch, length] = turned.queries.shape as [Dim, Dim, Dim];
  const byHead = (x: Tensor, count: number): Tensor =>
    transpose(reshape(x, [batch, length, count, headWidth]), [0, 2, 1, 3]);
  const keys = byHead(turned.keys, keyValueHeads);
  const values = byHead(turned.values, keyValueHeads);
  // All query heads that share a key-value head are rows of one matrix product, so the keys are not copied for each
  // query head.
  const together = [batch, keyValueHeads, multiplyDims(heads / keyValueHeads, length), headWidth];
  const queries = reshape(byHead(turned.queries, heads), together);
  const [allKeys, allValues] = before
    ? [concat([before.keys, keys], 2), concat([before.values, values], 2)]
    : [keys, values];
  const scores = matmul(queries, allKeys, { transposeB: true, scale: headWidth ** -0.5 });
  const open = reshape(scores, [batch, heads, length, allKeys.shape[2]!]);
  const weights = softmax(mask === undefined ? open : add(open, mask));
  const mixed = matmul(reshape(weights, scores.shape), allValues);
  const output = transpose(reshape(mixed, [batch, heads, length, headWidth]), [0, 2, 1, 3]);
  return { output: reshape(output, [batch, length, heads * headWidth]), keys, values };
}

/** Returns a mask that lets each position attend to itself and to earlier positions. [length, length] */
export function causalMask(length: Dim): Tensor {
  const row = reshape(iota(length), [length, 1]);
  const column = reshape(iota(length), [1, length]);
  // The masked value is finite, because the softmax of a row with only -∞ is NaN.
  return mul(cast(greater(column, row), 'float'), constant(-1e9));
}

/**
 * Returns a mask for `length` new positions after `earlier` earlier positions. Each new position attends to the first
 * `starts` (int32 [batch]) earlier positions, to the new positions before it, and to itself. [batch, 1, length, earlier
 * + length]
 */
export function continuedMask(starts: Tensor, earlier: Dim, length: Dim): Tensor {
  const column = iota(addDims(earlier, length));
  const read = less(column, reshape(starts, [starts.shape[0]!, 1, 1, 1]));
  const row = reshape(iota(length), [length, 1]);
  const own = sub(column, dimension(earlier));
  return where(or(read, and(greaterOrEqual(own, 0), lessOrEqual(own, row))), 0, -1e9);
}
