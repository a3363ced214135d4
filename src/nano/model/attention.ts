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
  split,
  type Tensor,
  transpose,
} from '../../tensor/index.ts';
import type { Dim } from '../../tensor/index.ts';
import { rotate, type RotaryTables } from './rotary.ts';

export type Heads = {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headWidth: number;
};

/** Width of the packed queries, keys and values. */
export const packedWidth = ({ heads, keyValueHeads, headWidth }: Heads): number =>
  (heads + 2 * keyValueHeads) * headWidth;

export type AttentionOptions = Heads & {
  /** Added to the scores [length, length]: 0 where a query may look, very negative elsewhere. Absent: everywhere. */
  readonly mask?: Tensor;
  readonly rotary?: RotaryTables;
};

export type Attended = {
  /** [batch, length, heads * headWidth] */
  readonly output: Tensor;
  /** [batch, keyValueHeads, length, headWidth], rotated: what a cache keeps. */
  readonly keys: Tensor;
  readonly values: Tensor;
};

/** Softmax attention. packed [batch, length, packedWidth]: queries, keys and values beside each other, head after head. */
export function attend(packed: Tensor, { heads, keyValueHeads, headWidth, mask, rotary }: AttentionOptions): Attended {
  const [batch, length] = packed.shape as [Dim, Dim, Dim];
  const shared = keyValueHeads * headWidth;
  const [queriesKeys, valuesFlat] = split(packed, -1, [heads * headWidth + shared, shared]) as [Tensor, Tensor];
  const turned = rotary === undefined ? queriesKeys : rotate(queriesKeys, rotary, heads + keyValueHeads);
  const [queriesFlat, keysFlat] = split(turned, -1, [heads * headWidth, shared]) as [Tensor, Tensor];
  const byHead = (x: Tensor, count: number): Tensor =>
    transpose(reshape(x, [batch, length, count, headWidth]), [0, 2, 1, 3]);
  const keys = byHead(keysFlat, keyValueHeads);
  const values = byHead(valuesFlat, keyValueHeads);
  // The queries that share a key-value head are rows of one product with it.
  const group = heads / keyValueHeads;
  const queries = reshape(byHead(queriesFlat, heads), [batch, keyValueHeads, multiplyDims(group, length), headWidth]);
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
