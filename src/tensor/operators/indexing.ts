/**
 * Operators that read and write by index. Indices are int32. An index out of range is an error at run time.
 * Scatter-adds add in a fixed order, in gradients too, so that equal runs give equal bits.
 */
import { type Dim, type Shape } from '../dims.ts';
import { apply, define, type DType, mismatch, type Operator, type Tensor } from '../tensor.ts';
import { axisOf, reshape } from './broadcast.ts';
import { cast, equal, full } from './elementwise.ts';

function needsIndices({ dtype }: Tensor): void {
  if (dtype !== 'int32') mismatch('indices must be int32.');
}

const gatherOperator = define<null>({
  name: 'gather',
  infer([x, indices]) {
    needsIndices(indices!);
    if (x!.shape.length === 0) mismatch('the input must have at least one axis.');
    return { dtype: x!.dtype, shape: [...indices!.shape, ...x!.shape.slice(1)] };
  },
  emit: (e, inputs) => e.op('Gather', inputs, { axis: 0 }),
  gradient: ({ g, inputs: [x, indices] }) => [scatterAddRows(g, indices!, x!.shape), undefined],
});

/** Looks up rows of x by index, as for embeddings: x [n, ...rest], indices [...any] → [...any, ...rest]. */
export const gather = (x: Tensor, indices: Tensor): Tensor => gatherOperator([x, indices], null);

const scatterRowsOperator = define<{ shape: Shape }>({
  name: 'scatterAddRows',
  infer([updates, indices], { shape }) {
    needsIndices(indices!);
    if (updates!.shape.length !== indices!.shape.length + shape.length - 1)
      mismatch('the updates must have one row per index.');
    return { dtype: updates!.dtype, shape };
  },
  // ScatterElements adds in order on one thread. ScatterND would add in parallel, in an undefined order.
  emit(e, [updates, indices], { inputs: [u], attributes: { shape } }) {
    const width = shape.slice(1);
    const rank = shape.length;
    const rows = e.op('Reshape', [
      updates!,
      e.op('Concat', [e.axes([-1]), ...(rank > 1 ? [e.shape(width)] : [])], { axis: 0 }),
    ]);
    const column = e.op('Reshape', [indices!, e.axes([-1, ...width.map(() => 1)])]);
    const zeros = e.op('Expand', [e.constant(e.elementType(u!.dtype), [], [0]), e.shape(shape)]);
    return e.op('ScatterElements', [zeros, e.op('Expand', [column, e.op('Shape', [rows])]), rows], {
      axis: 0,
      reduction: 'add',
    });
  },
  gradient: ({ g, inputs: [, indices] }) => [gather(g, indices!), undefined],
});

/**
 * Starts from zeros with the given shape, and adds each row of `updates` to the row at its index. This is the gradient
 * of `gather`.
 */
export const scatterAddRows = (updates: Tensor, indices: Tensor, shape: Shape): Tensor =>
  scatterRowsOperator([updates, indices], { shape });

const takeOperator = define<{ axis: number }>({
  name: 'takeAlong',
  infer([x, indices], { axis }) {
    needsIndices(indices!);
    const at = axisOf(x!.shape, axis);
    const fits =
      indices!.shape.length === x!.shape.length && indices!.shape.every((d, i) => i === at || d === x!.shape[i]);
    if (!fits) mismatch(`indices may differ from x along axis ${at} only.`);
    return { dtype: x!.dtype, shape: indices!.shape };
  },
  emit: (e, inputs, { attributes: { axis } }) => e.op('GatherElements', inputs, { axis }),
  gradient: ({ g, inputs: [x, indices], attributes: { axis } }) => [
    scatterAddAlong(g, indices!, axis, x!.shape),
    undefined,
  ],
});

/**
 * Takes elements by index along an axis. All other axes of `indices` correspond to those of x (numpy's
 * take_along_axis).
 */
export const takeAlong = (x: Tensor, indices: Tensor, axis: number): Tensor => takeOperator([x, indices], { axis });

/**
 * Starts from zeros with the given shape, and adds each update at its index along an axis. This is the gradient of
 * `takeAlong`.
 */
export const scatterAddAlong = (updates: Tensor, indices: Tensor, axis: number, shape: Shape): Tensor =>
  addAt(full(shape, 0, updates.dtype), updates, indices, axis);

const addAtOperator = define<{ axis: number }>({
  name: 'addAt',
  infer([x, , indices]) {
    needsIndices(indices!);
    return { dtype: x!.dtype, shape: x!.shape };
  },
  emit: (e, [x, updates, indices], { attributes: { axis } }) =>
    e.op('ScatterElements', [x!, indices!, updates!], { axis, reduction: 'add' }),
  gradient: ({ g, inputs: [, , indices], attributes: { axis } }) => [g, takeAlong(g, indices!, axis), undefined],
});

/** Adds each update to x at its index along an axis. If no other node reads x, the runtime works in place. */
export const addAt = (x: Tensor, updates: Tensor, indices: Tensor, axis: number): Tensor =>
  addAtOperator([x, updates, indices], { axis });

const iotaOperator = define<{ size: Dim }>({
  name: 'iota',
  infer: (_, { size }) => ({ dtype: 'int32', shape: [size] }),
  emit(e, _, { attributes: { size } }) {
    const end = e.op('Squeeze', [e.cast(e.shape([size]), 'int32')]);
    return e.op('Range', [e.constant('int32', [], [0]), end, e.constant('int32', [], [1])]);
  },
});

/** Returns 0, 1, ..., size - 1. */
export const iota = (size: Dim): Tensor => iotaOperator([], { size });

/** Returns one-hot vectors: 1 at the index, 0 elsewhere. indices [...any] → [...any, size]. */
export const oneHot = (indices: Tensor, size: Dim, dtype: DType = 'float'): Tensor =>
  cast(equal(reshape(indices, [...indices.shape, 1]), iota(size)), dtype);

const argmaxOperator = define<{ axis: number }>({
  name: 'argmax',
  infer([x], { axis }) {
    const at = axisOf(x!.shape, axis);
    return { dtype: 'int32', shape: x!.shape.filter((_, i) => i !== at) };
  },
  emit: (e, [x], { attributes: { axis } }) => e.cast(e.op('ArgMax', [x!], { axis, keepdims: 0 }), 'int32'),
});

/**
 * Returns the index of the largest element along an axis. If several elements are equally large, returns the first
 * index.
 */
export const argmax = (x: Tensor, axis: number): Tensor => argmaxOperator([x], { axis });

const topKOperator: Operator<{ k: number }> = {
  name: 'topK',
  infer([x], { k }) {
    const last = x!.shape.at(-1);
    if (last === undefined || (typeof last === 'number' && k > last))
      mismatch(`the last axis of the input has fewer than ${k} elements.`);
    const shape = [...x!.shape.slice(0, -1), k];
    return [
      { dtype: x!.dtype, shape },
      { dtype: 'int32', shape },
    ];
  },
  emit(e, [x], { attributes: { k } }) {
    const [values, indices] = e.ops('TopK', [x!, e.axes([k])], { axis: -1, largest: 1, sorted: 1 }, 2);
    return [values!, e.cast(indices!, 'int32')];
  },
  gradient: ({ gs: [g], inputs: [x], outputs: [, indices] }) => [g && scatterAddAlong(g, indices!, -1, x!.shape)],
};

/** Returns the k largest elements along the last axis, in descending order, and their indices. */
export function topK(x: Tensor, k: number): { values: Tensor; indices: Tensor } {
  const [values, indices] = apply(topKOperator, [x], { k });
  return { values: values!, indices: indices! };
}
