/** Operators that reduce or accumulate along axes: means, maxima and running sums. reduceSum is in broadcast.ts. */
import { type Dim, divideDims, sizeOf } from '../dims.ts';
import { apply, define, type DType, type Operator, type Tensor } from '../tensor.ts';
import {
  axisOf,
  broadcastTo,
  reduced,
  type ReduceOptions,
  type Reduction,
  reduceSum,
  reduction,
  sortedAxes,
} from './broadcast.ts';
import { cast, div, equal, mul, sub } from './elementwise.ts';

/** Averages over the given axes. The default is all axes. */
export const reduceMean = reduction(
  define<Reduction>({
    name: 'reduceMean',
    infer: reduced,
    emit: (e, [x], { attributes, inputs }) =>
      e.op('ReduceMean', [x!, e.axes(sortedAxes(inputs, attributes))], { keepdims: 1 }),
    gradient({ g, inputs: [x], outputs: [y] }) {
      const count = divideDims(sizeOf(x!.shape), sizeOf(y!.shape))!;
      return [broadcastTo(typeof count === 'number' ? mul(g, 1 / count) : div(g, dimension(count, 'float')), x!.shape)];
    },
  }),
);

/** Takes the maximum over the given axes. The default is all axes. */
export const reduceMax = reduction(
  define<Reduction>({
    name: 'reduceMax',
    infer: reduced,
    emit: (e, [x], { attributes, inputs }) =>
      e.op('ReduceMax', [x!, e.axes(sortedAxes(inputs, attributes))], { keepdims: 1 }),
    // If several elements equal the maximum, they share the gradient equally, as in PyTorch's amax.
    gradient({ g, inputs: [x], outputs: [y], attributes: { axes } }) {
      const hit = cast(equal(x!, y!), 'float');
      return [mul(hit, div(g, reduceSum(hit, axes, { keep: true })))];
    },
  }),
);

/** Computes the population variance over the given axes. */
export function variance(x: Tensor, axes: number | readonly number[], options: ReduceOptions = {}): Tensor {
  const centred = sub(x, reduceMean(x, axes, { keep: true }));
  return reduceMean(mul(centred, centred), axes, options);
}

const dimensionOperator = define<{ dim: Dim; dtype: DType }>({
  name: 'dimension',
  infer: (_, { dtype }) => ({ dtype, shape: [] }),
  emit: (e, _, { attributes: { dim, dtype } }) => e.op('Squeeze', [e.cast(e.shape([dim]), e.elementType(dtype))]),
});

/** Returns a dimension's size as a scalar tensor. */
export const dimension = (dim: Dim, dtype: DType = 'int32'): Tensor => dimensionOperator([], { dim, dtype });

type Cumulative = { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };

const cumsumOperator: Operator<Cumulative> = {
  name: 'cumsum',
  infer([x], { axis }) {
    axisOf(x!.shape, axis);
    return { dtype: x!.dtype, shape: x!.shape };
  },
  emit(e, [x], { inputs, attributes: { axis, exclusive, reverse } }) {
    const at = e.constant('int64', [], [axisOf(inputs[0]!.shape, axis)]);
    return e.op('CumSum', [x!, at], { exclusive: Number(exclusive), reverse: Number(reverse) });
  },
  gradient: ({ g, attributes: { axis, exclusive, reverse } }) => [cumsum(g, axis, { exclusive, reverse: !reverse })],
};

/**
 * Computes running sums along an axis. `exclusive` leaves the element itself out of its sum. `reverse` sums from the
 * end.
 */
export const cumsum = (x: Tensor, axis: number, { exclusive = false, reverse = false } = {}): Tensor =>
  apply(cumsumOperator, [x], { axis, exclusive, reverse })[0]!;
