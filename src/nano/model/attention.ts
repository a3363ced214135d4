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
 * axis holds the vectors of the heads one after another.
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

/** Rotates queries and keys by their positions; does nothing without `rotary`. */
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
   * Added to the scores [batch, heads, length, keys] with broadcasting: 0 where a query may attend, a large negative
   * number elsewhere. Without a mask, every query attends to all keys.
   */
  readonly mask?: Tensor;
  readonly rotary?: RotaryTables;
  /** Keys and values of earlier positions, already rotated: [batch, keyValueHeads, earlier, headWidth]. */
  readonly before?: KeysAndValues;
};

export type KeysAndValues = { readonly keys: Tensor; readonly values: Tensor };

/** The output of attention, and the rotated keys and values for a cache [batch, keyValueHeads, length, headWidth]. */
export type Attended = KeysAndValues & {
  /** [batch, length, heads * headWidth] */
  readonly output: Tensor;
};

/** Computes softmax attention of whole sequences over themselves and over earlier positions. */
export function attend(projected: Projected, options: AttentionOptions): Attended {
  const { heads, keyValueHeads, headWidth, mask, rotary, before } = options;
  const turned = turn(projected, options, rotary);
  const [batch, length] = turned.queries.shape as [Dim, Dim, Dim];
  const byHead = (x: Tensor, count: number): Tensor =>
    transpose(reshape(x, [batch, length, count, headWidth]), [0, 2, 1, 3]);
  const keys = byHead(turned.keys, keyValueHeads);
  const values = byHead(turned.values, keyValueHeads);
  // Queries that share a key-value head become rows of one matrix product, so that keys need no copy per query head.
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
  // The value is finite, because softmax over a row of only -∞ is NaN.
  return mul(cast(greater(column, row), 'float'), constant(-1e9));
}

/**
 * Returns a mask for `length` new positions after `earlier` positions. [batch, 1, length, earlier + length] Each new
 * position attends to the first `starts` (int32 [batch]) earlier positions, to the new positions before it, and to
 * itself.
 */
export function continuedMask(starts: Tensor, earlier: Dim, length: Dim): Tensor {
  const column = iota(addDims(earlier, length));
  const read = less(column, reshape(starts, [starts.shape[0]!, 1, 1, 1]));
  const row = reshape(iota(length), [length, 1]);
  const own = sub(column, dimension(earlier));
  return where(or(read, and(greaterOrEqual(own, 0), lessOrEqual(own, row))), 0, -1e9);
}
