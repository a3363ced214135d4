/**
 * Attention over a key-value cache of fixed size, for generation: ONNX Runtime's GroupQueryAttention, which computes each
 * sequence at its own length. Keep the caches in a `loop`'s state: there they pass from step to step inside the runtime, while outputs of
 * a program are copied. No gradient: training uses matmul and softmax.
 */
import type { Dim } from '../dims.ts';
import { apply, mismatch, type Operator, type Tensor } from '../tensor.ts';

type CachedAttention = { readonly heads: number; readonly keyValueHeads: number; readonly scale: number };

const cachedAttentionOperator: Operator<CachedAttention> = {
  name: 'cachedAttention',
  infer([query, key, value, cacheKey, cacheValue, lengths], { heads, keyValueHeads }) {
    const [batch, steps, width] = query!.shape as [Dim, Dim, Dim];
    const headWidth = Number(width) / heads;
    const cache = cacheKey!.shape;
    const fits =
      query!.shape.length === 3 &&
      headWidth % 8 === 0 &&
      [key!, value!].every(
        ({ shape }) => shape[0] === batch && shape[1] === steps && shape[2] === headWidth * keyValueHeads,
      ) &&
      [cacheKey!, cacheValue!].every(
        ({ shape }) =>
          shape.length === 4 &&
          shape[0] === batch &&
          shape[1] === keyValueHeads &&
          shape[2] === cache[2] &&
          shape[3] === headWidth,
      ) &&
      lengths!.dtype === 'int32' &&
      lengths!.shape.length === 1 &&
      lengths!.shape[0] === batch;
    if (!fits) {
      mismatch(
        'it needs heads of a width that 8 divides; query, key and value [batch, steps, heads * width], two caches [batch, heads, capacity, width] and int32 lengths [batch].',
      );
    }
    return [
      { dtype: 'float', shape: query!.shape },
      { dtype: 'float', shape: cache },
      { dtype: 'float', shape: cache },
    ];
  },
  emit(e, inputs, { attributes: { heads, keyValueHeads, scale } }) {
    const single = e.precision === 'float32';
    const real = inputs.slice(0, 5).map((value) => (single ? value : e.cast(value, 'float32')));
    const one = e.constant('int32', [], [1]);
    const last = e.op('Sub', [inputs[5]!, one]);
    const total = e.op('ReduceMax', [inputs[5]!], { keepdims: 0 });
    const attributes = { num_heads: heads, kv_num_heads: keyValueHeads, scale: { float: scale } };
    const outputs = e.ops('GroupQueryAttention', [...real, last, total], attributes, 3, 'com.microsoft');
    return single ? outputs : outputs.map((value) => e.cast(value, 'float64'));
  },
};

export type CachedAttentionInputs = {
  /** New positions: [batch, steps, heads * width]; keys and values may have fewer heads. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** [batch, heads, capacity, width]. */
  readonly cacheKey: Tensor;
  readonly cacheValue: Tensor;
  /** Length of each sequence with its new positions, int32 [batch]; at most the capacity. */
  readonly lengths: Tensor;
  readonly heads: number;
};

/**
 * Causal attention of new positions over all positions so far. For a prompt (`steps` > 1) the cache must be empty and sequences shorter than
 * `steps` are padded on the right: their padding is computed and to be ignored. Returns the result and both caches as they are after it.
 */
export function cachedAttention(inputs: CachedAttentionInputs): {
  output: Tensor;
  cacheKey: Tensor;
  cacheValue: Tensor;
} {
  const { query, key, value, cacheKey, cacheValue, lengths, heads } = inputs;
  const headWidth = Number(query.shape.at(-1)) / heads;
  const keyValueHeads = Number(key.shape.at(-1)) / headWidth;
  const list = [query, key, value, cacheKey, cacheValue, lengths];
  const outputs = apply(cachedAttentionOperator, list, { heads, keyValueHeads, scale: 1 / Math.sqrt(headWidth) });
  return { output: outputs[0]!, cacheKey: outputs[1]!, cacheValue: outputs[2]! };
}
