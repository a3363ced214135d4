/** Operators that rearrange elements. reshape is in broadcast.ts. */
import { addDims, type Dim, dim, type Shape, subtractDims } from '../dims.ts';
import { apply, define, mismatch, type Operator, type Tensor } from '../tensor.ts';
import { axisOf } from './broadcast.ts';
import { zerosLike } from './elementwise.ts';

const transposeOperator = define<{ permutation: readonly number[] }>({
  name: 'transpose',
  infer([x], { permutation }) {
    const valid =
      [...permutation].sort((a, b) => a - b).every((axis, i) => axis === i) && permutation.length === x!.shape.length;
    if (!valid) mismatch(`[${permutation.join(', ')}] is not a permutation of the axes of the input.`);
    return { dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) };
  },
  emit: (e, [x], { attributes }) => e.op('Transpose', [x!], { perm: attributes.permutation }),
  gradient: ({ g, attributes: { permutation } }) => [
    transpose(
      g,
      permutation.map((_, i) => permutation.indexOf(i)),
    ),
  ],
});

/** Reorders axes. Axis i of the result is axis permutation[i] of x. */
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor =>
  permutation.every((axis, i) => axis === i) && permutation.length === x.shape.length
    ? x
    : transposeOperator([x], { permutation });

const concatOperator = define<{ axis: number }>({
  name: 'concat',
  infer(inputs, { axis }) {
    const [first] = inputs as [Tensor];
    const at = axisOf(first.shape, axis);
    for (const { dtype, shape } of inputs) {
      const fits =
        dtype === first.dtype &&
        shape.length === first.shape.length &&
        shape.every((d, i) => i === at || d === first.shape[i]);
      if (!fits) mismatch(`the inputs may differ only along axis ${at}.`);
    }
    return {
      dtype: first.dtype,
      shape: first.shape.map((d, i) => (i === at ? inputs.map((t) => t.shape[at]!).reduce(addDims) : d)),
    };
  },
  emit: (e, inputs, { attributes }) => e.op('Concat', inputs, { axis: attributes.axis }),
  gradient: ({ g, inputs, attributes: { axis } }) =>
    split(
      g,
      axis,
      inputs.map((t) => t.shape[axisOf(t.shape, axis)]!),
    ),
});

/** Joins tensors along an axis. */
export const concat = (tensors: readonly Tensor[], axis: number): Tensor =>
  tensors.length === 1 ? tensors[0]! : concatOperator(tensors, { axis });

const splitOperator: Operator<{ axis: number; sizes: Shape }> = {
  name: 'split',
  infer([x], { axis, sizes }) {
    const at = axisOf(x!.shape, axis);
    if (sizes.reduce(addDims, 0) !== x!.shape[at])
      mismatch(`parts of ${sizes.join(' + ')} do not add up to the length ${x!.shape[at]} of axis ${at}.`);
    return sizes.map((size) => ({ dtype: x!.dtype, shape: x!.shape.map((d, i) => (i === at ? size : d)) }));
  },
  emit: (e, [x], { attributes: { axis, sizes } }) => e.ops('Split', [x!, e.shape(sizes)], { axis }, sizes.length),
  gradient: ({ gs, outputs, attributes: { axis } }) => [
    concat(
      gs.map((g, i) => g ?? zerosLike(outputs[i]!)),
      axis,
    ),
  ],
};

/**
 * Splits along an axis into parts of the given sizes. A split is one pass over memory, while slices would take one pass
 * each. The runtime copies on one thread, so two small matrix products are faster than one large product followed by a
 * split.
 */
export const split = (x: Tensor, axis: number, sizes: Shape): readonly Tensor[] =>
  sizes.length === 1 ? [x] : apply(splitOperator, [x], { axis, sizes });

const sliceOperator = define<{ axis: number; start: Dim; end: Dim }>({
  name: 'slice',
  infer([x], { axis, start, end }) {
    const at = axisOf(x!.shape, axis);
    const size = subtractDims(end, start);
    const whole = x!.shape[at]!;
    if (
      typeof size === 'number' &&
      (size < 0 || (typeof whole === 'number' && typeof end === 'number' && end > whole))
    ) {
      mismatch(`the range ${start} to ${end} is outside axis ${at}.`);
    }
    return { dtype: x!.dtype, shape: x!.shape.map((d, i) => (i === at ? size : d)) };
  },
  emit: (e, [x], { inputs, attributes: { axis, start, end } }) =>
    e.op('Slice', [x!, e.shape([start]), e.shape([end]), e.axes([axisOf(inputs[0]!.shape, axis)])]),
  gradient({ g, inputs: [x], attributes: { axis, start, end } }) {
    const at = axisOf(x!.shape, axis);
    return [pad(g, at, { before: start, after: subtractDims(x!.shape[at]!, end) })];
  },
});

/**
 * Returns the elements from `start` up to, but not including, `end` along an axis. `start` and `end` may be symbolic.
 */
export function slice(x: Tensor, axis: number, start: Dim, end: Dim): Tensor {
  return dim(start) === 0 && dim(end) === x.shape.at(axis)
    ? x
    : sliceOperator([x], { axis, start: dim(start), end: dim(end) });
}

const padOperator = define<{ axis: number; before: Dim; after: Dim }>({
  name: 'pad',
  infer([x], { axis, before, after }) {
    const at = axisOf(x!.shape, axis);
    return { dtype: x!.dtype, shape: x!.shape.map((d, i) => (i === at ? addDims(d, addDims(before, after)) : d)) };
  },
  emit: (e, [x], { inputs, attributes: { axis, before, after } }) =>
    e.op('Pad', [x!, e.shape([before, after]), '', e.axes([axisOf(inputs[0]!.shape, axis)])]),
  gradient({ g, inputs: [x], attributes: { axis, before } }) {
    return [slice(g, axis, before, addDims(before, x!.shape[axisOf(x!.shape, axis)]!))];
  },
});

/** Adds `before` zeros before the elements and `after` zeros after them, along an axis. */
export const pad = (x: Tensor, axis: number, { before = 0, after = 0 }: { before?: Dim; after?: Dim }): Tensor =>
  padOperator([x], { axis, before, after });
