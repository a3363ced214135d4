/** Attention over whole sequences, for training and for reading prompts. Sampling's attention is sampling/cached-attention.ts. */
import {
  add,
  cast,
  constant,
  greater,
  iota,
  matmul,
  multiplyDims,
  mul,
  reshape,
  softmax,
  type Tensor,
  transpose,
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

/** Head after head: queries [batch, length, heads * headWidth], keys and values [batch, length, keyValueHeads * headWidth]. */
export type Projected = { readonly queries: Tensor; readonly keys: Tensor; readonly values: Tensor };

/** x [batch, length, width] to queries, keys and values. */
export function project(p: Parameters, x: Tensor, { heads, keyValueHeads, headWidth }: Heads): Projected {
  return {
    queries: linear(p.within('q'), x, { out: heads * headWidth }),
    keys: linear(p.within('k'), x, { out: keyValueHeads * headWidth }),
    values: linear(p.within('v'), x, { out: keyValueHeads * headWidth }),
  };
}

/** Queries and keys turned by their positions. */
export function turn(
  { queries, keys, values }: Projected,
  { heads, keyValueHeads }: Heads,
  rotary?: RotaryTables,
): Projected {
  if (rotary === undefined) return { queries, keys, values };
  return { queries: rotate(queries, rotary, heads), keys: rotate(keys, rotary, keyValueHeads), values };
}

export type AttentionOptions = Heads & {
  /** Added to the scores [length, length]: 0 where a query may look, very negative elsewhere. Absent: everywhere. */
  readonly mask?: Tensor;
  readonly rotary?: RotaryTables;
};

export type Attended = {
  /** [batch, length, heads * headWidth] */
  readonly output: Tensor;
  /** [batch, keyValueHeads, length, headWidth], turned: what a cache keeps. */
  readonly keys: Tensor;
  readonly values: Tensor;
};

/** Softmax attention over whole sequences. */
export function attend(projected: Projected, options: AttentionOptions): Attended {
  const { heads, keyValueHeads, headWidth, mask, rotary } = options;
  const turned = turn(projected, options, rotary);
  const [batch, length] = turned.queries.shape as [Dim, Dim, Dim];
  const byHead = (x: Tensor, count: number): Tensor =>
    transpose(reshape(x, [batch, length, count, headWidth]), [0, 2, 1, 3]);
  const keys = byHead(turned.keys, keyValueHeads);
  const values = byHead(turned.values, keyValueHeads);
  // The queries that share a key-value head are rows of one product with it.
  const together = [batch, keyValueHeads, multiplyDims(heads / keyValueHeads, length), headWidth];
  const queries = reshape(byHead(turned.queries, heads), together);
  const scores = matmul(queries, keys, { transposeB: true, scale: headWidth ** -0.5 });
  const open = reshape(scores, [batch, heads, length, length]);
  const weights = softmax(mask === undefined ? open : add(open, mask));
  const mixed = matmul(reshape(weights, scores.shape), values);
  const output = transpose(reshape(mixed, [batch, heads, length, headWidth]), [0, 2, 1, 3]);
  return { output: reshape(output, [batch, length, heads * headWidth]), keys, values };
}

/** Lets each position look at itself and what came before it. [length, length] */
export function causalMask(length: Dim): Tensor {
  const row = reshape(iota(length), [length, 1]);
  const column = reshape(iota(length), [1, length]);
  // Far below any score, and finite: a row of -∞ alone would be NaN.
  return mul(cast(greater(column, row), 'float'), constant(-1e9));
}
