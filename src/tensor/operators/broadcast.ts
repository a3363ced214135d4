/**
 * Broadcasting as in numpy: broadcastTo, reduceSum and reshape. They are in one file because broadcastTo and reduceSum
 * are each other's gradients. A symbolic size broadcasts only with itself and with 1.
 */
import { type Dim, dim, divideDims, printShape, sameShape, type Shape, sizeOf } from '../dims.ts';
import { define, type DType, mismatch, type Tensor } from '../tensor.ts';

/** Converts a negative axis to the equivalent non-negative axis. Rejects an axis that does not exist. */
export function axisOf(shape: Shape, axis: number): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  if (!(positive >= 0 && positive < shape.length)) mismatch(`axis ${axis} does not exist.`);
  return positive;
}

const reshapeOperator = define<{ shape: Shape }>({
  name: 'reshape',
  infer([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x!.shape))
      mismatch(`${printShape(shape)} needs ${sizeOf(shape)} elements, but the input has ${sizeOf(x!.shape)}.`);
    return { dtype: x!.dtype, shape };
  },
  emit: (e, [x], { attributes }) => e.op('Reshape', [x!, e.reshapeTarget(attributes.shape)]),
  gradient: ({ g, inputs: [x] }) => [reshape(g, x!.shape)],
});

/**
 * Changes the shape. The elements keep their row-major order. One dimension may be -1; it is then computed from the
 * number of elements.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const rest = shape.indexOf(-1);
  const known = shape.map((d) => (d === -1 ? 1 : dim(d)));
  if (rest >= 0) known[rest] = divideDims(sizeOf(x.shape), sizeOf(known)) ?? 1;
  if (sameShape(known, x.shape)) return x;
  return x.node.operator.name === 'reshape'
    ? reshape(x.node.inputs[0]!, known)
    : reshapeOperator([x], { shape: known });
}

export type Reduction = { readonly axes: readonly number[] };

/**
 * Shape rule of reductions. Each reduced axis keeps size 1 in the node's output. A reshape, which needs no copy,
 * removes it later.
 */
export function reduced([x]: readonly Tensor[], { axes }: Reduction): { dtype: DType; shape: Dim[] } {
  if (x!.dtype === 'bool') mismatch('the input must contain numbers.');
  const gone = new Set(axes.map((axis) => axisOf(x!.shape, axis)));
  return { dtype: x!.dtype, shape: x!.shape.map((d, i) => (gone.has(i) ? 1 : d)) };
}

/** Returns the axes in the form that ONNX expects: non-negative and sorted. */
export const sortedAxes = ([x]: readonly Tensor[], { axes }: Reduction): number[] =>
  axes.map((axis) => axisOf(x!.shape, axis)).sort((a, b) => a - b);

export type ReduceOptions = { readonly keep?: boolean };

/**
 * Makes the public function of a reduction. By default, the function reduces over all axes. It removes the reduced axes
 * unless `keep` is true.
 */
export const reduction =
  (build: (inputs: readonly Tensor[], attributes: Reduction) => Tensor) =>
  (
    x: Tensor,
    axes: number | readonly number[] = x.shape.map((_, i) => i),
    { keep = false }: ReduceOptions = {},
  ): Tensor => {
    const list = typeof axes === 'number' ? [axes] : axes;
    if (list.length === 0) return x;
    const result = build([x], { axes: list });
    const dropped = new Set(list.map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
    return keep
      ? result
      : reshape(
          result,
          x.shape.filter((_, i) => !dropped.has(i)),
        );
  };

/** Sums over the given axes. The default is all axes. */
export const reduceSum = reduction(
  define<Reduction>({
    name: 'reduceSum',
    infer: reduced,
    emit: (e, [x], { attributes, inputs }) =>
      e.op('ReduceSum', [x!, e.axes(sortedAxes(inputs, attributes))], { keepdims: 1 }),
    gradient: ({ g, inputs: [x] }) => [broadcastTo(g, x!.shape)],
  }),
);

/** Returns the shape to which both shapes broadcast. Rejects incompatible shapes. */
export function broadcastShapes(a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      mismatch(`${printShape(a)} and ${printShape(b)} cannot be broadcast, because ${x} and ${y} differ.`);
    return x === 1 ? y : x;
  });
}

const broadcastOperator = define<{ shape: Shape }>({
  name: 'broadcastTo',
  infer([x], { shape }) {
    if (!sameShape(broadcastShapes(x!.shape, shape), shape))
      mismatch(`the input cannot be broadcast to ${printShape(shape)}.`);
    return { dtype: x!.dtype, shape };
  },
  emit: (e, [x], { attributes }) => e.op('Expand', [x!, e.shape(attributes.shape)]),
  gradient: ({ g, inputs: [x] }) => [sumTo(g, x!.shape)],
});

/** Repeats x along its dimensions of size 1 and along new leading dimensions. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : broadcastOperator([x], { shape });

/**
 * Sums a gradient over the dimensions that broadcasting added or expanded. The result is the gradient of the input
 * before broadcasting.
 */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.shape.length - shape.length;
  const axes = g.shape.flatMap((d, i) => (i < lead || (d !== 1 && shape[i - lead] === 1) ? [i] : []));
  return reshape(reduceSum(g, axes), shape);
}
