/**
 * Softmax, layer norms and activations. The forward pass uses the runtime's fused kernel if there is one. Gradients
 * reuse results of the forward pass. Softmax and norms are computed along the last axis.
 */
import type { Shape } from '../dims.ts';
import { apply, define, mismatch, type Operator, type Tensor } from '../tensor.ts';
import { reduceSum, reshape, sumTo } from './broadcast.ts';
import { add, div, exp, inFloat32, mul, neg, relu, sigmoid, sqrt, sub } from './elementwise.ts';
import { addAt } from './indexing.ts';
import { reduceMean } from './reduce.ts';

const rowwise = ([x]: readonly Tensor[]): { dtype: 'float'; shape: Shape } => {
  if (x!.dtype !== 'float' || x!.shape.length === 0)
    mismatch('the input must be a real tensor with at least one axis.');
  return { dtype: 'float', shape: x!.shape };
};

const softmaxOperator = define<null>({
  name: 'softmax',
  infer: rowwise,
  emit: (e, inputs) => e.op('Softmax', inputs, { axis: -1 }),
  gradient({ g, outputs: [y] }) {
    const gy = mul(g, y!);
    return [sub(gy, mul(y!, reduceSum(gy, -1, { keep: true })))];
  },
});

/** exp(x) / Σ exp(x) along the last axis. */
export const softmax = (x: Tensor): Tensor => softmaxOperator([x], null);

const logSoftmaxOperator = define<null>({
  name: 'logSoftmax',
  infer: rowwise,
  emit: (e, inputs) => e.op('LogSoftmax', inputs, { axis: -1 }),
  gradient: ({ g, outputs: [y] }) => [sub(g, mul(exp(y!), reduceSum(g, -1, { keep: true })))],
});

/** x - log Σ exp(x) along the last axis. */
export const logSoftmax = (x: Tensor): Tensor => logSoftmaxOperator([x], null);

const logProbabilityOperator: Operator<null> = {
  name: 'logProbability',
  infer([logits, ids]) {
    const fits =
      ids!.dtype === 'int32' &&
      ids!.shape.length === logits!.shape.length - 1 &&
      ids!.shape.every((d, i) => d === logits!.shape[i]);
    if (!fits) mismatch('the inputs must be logits [...any, classes] and int32 class numbers [...any].');
    return [{ dtype: 'float', shape: ids!.shape }, rowwise([logits!])];
  },
  emit(e, [logits, ids]) {
    const all = e.op('LogSoftmax', [logits!], { axis: -1 });
    const chosen = e.op('GatherElements', [all, e.op('Unsqueeze', [ids!, e.axes([-1])])], { axis: -1 });
    return [e.op('Squeeze', [chosen, e.axes([-1])]), all];
  },
  // The gradient is g · (onehot − softmax). To avoid one-hot rows, softmax is multiplied by −g, then g is added to one
  // element per row.
  gradient({ gs: [g, gAll], inputs: [logits, ids], outputs: [, all] }) {
    if (gAll !== undefined)
      mismatch('only the chosen log-probabilities have a gradient; use logSoftmax for all of them.');
    const column = (x: Tensor): Tensor => reshape(x, [...x.shape, 1]);
    return [g && addAt(mul(exp(all!), column(neg(g))), column(g), column(ids!), logits!.shape.length - 1), undefined];
  },
};

/**
 * Log-probability of one class per row under the softmax, which is minus the cross-entropy. logits [...any, classes],
 * ids [...any] → [...any].
 */
export const logProbability = (logits: Tensor, ids: Tensor): Tensor =>
  apply(logProbabilityOperator, [logits, ids], null)[0]!;

type Norm = { readonly epsilon: number };

/**
 * Shape rule of layerNorm and rmsNorm. The first output is the result. Each of the other `statistics` outputs has one
 * value per row, for the gradient.
 */
function normSpecs([x, ...parameters]: readonly Tensor[], statistics: number): { dtype: 'float'; shape: Shape }[] {
  const width = x!.shape.at(-1);
  for (const p of parameters)
    if (p.shape.length !== 1 || p.shape[0] !== width) mismatch(`scale and bias must be [${width}].`);
  const row = { dtype: 'float' as const, shape: [...x!.shape.slice(0, -1), 1] };
  return [{ dtype: 'float', shape: x!.shape }, ...Array.from({ length: statistics }, () => row)];
}

const layerNormOperator: Operator<Norm> = {
  name: 'layerNorm',
  infer: (inputs) => normSpecs(inputs, 2),
  emit: (e, inputs, { attributes }) =>
    e.ops('LayerNormalization', inputs, { axis: -1, epsilon: { float: attributes.epsilon } }, 3),
  gradient({ g, inputs: [x, scale, bias], outputs: [, mean, inverse] }) {
    const normal = mul(sub(x!, mean!), inverse!);
    const gn = mul(g, scale!);
    const centred = sub(gn, reduceMean(gn, -1, { keep: true }));
    const gx = mul(inverse!, sub(centred, mul(normal, reduceMean(mul(gn, normal), -1, { keep: true }))));
    return [gx, sumTo(mul(g, normal), scale!.shape), sumTo(g, bias!.shape)];
  },
};

/**
 * Layer norm along the last axis: (x − mean) / sqrt(variance + epsilon) · scale + bias. scale and bias have the shape
 * [width].
 */
export const layerNorm = (x: Tensor, scale: Tensor, bias: Tensor, { epsilon = 1e-5 } = {}): Tensor =>
  apply(layerNormOperator, [x, scale, bias], { epsilon })[0]!;

const rmsNormOperator: Operator<Norm> = {
  name: 'rmsNorm',
  infer: (inputs) => normSpecs(inputs, 1),
  emit: (e, inputs, { attributes }) =>
    e.ops('SimplifiedLayerNormalization', inputs, { axis: -1, epsilon: { float: attributes.epsilon } }, 2),
  gradient({ g, inputs: [x, scale], outputs: [, inverse] }) {
    const normal = mul(x!, inverse!);
    const gn = mul(g, scale!);
    const gx = mul(inverse!, sub(gn, mul(normal, reduceMean(mul(gn, normal), -1, { keep: true }))));
    return [gx, sumTo(mul(g, normal), scale!.shape)];
  },
};

/** RMS norm along the last axis: x / sqrt(mean(x²) + epsilon) · scale. scale has the shape [width]. */
export const rmsNorm = (x: Tensor, scale: Tensor, { epsilon = 1e-5 } = {}): Tensor =>
  apply(rmsNormOperator, [x, scale], { epsilon })[0]!;

// --- activations ---

const geluOperator: Operator<null> = {
  name: 'gelu',
  infer: ([x]) => [rowwise([x!]), rowwise([x!])],
  // The second output is Φ(x), for the gradient.
  emit(e, [x]) {
    const erf = inFloat32(e, e.op('Mul', [x!, e.scalar(Math.SQRT1_2)]), (v) => e.op('Erf', [v]));
    const phi = e.op('Add', [e.op('Mul', [erf, e.scalar(0.5)]), e.scalar(0.5)]);
    return [e.op('Mul', [x!, phi]), phi];
  },
  // The derivative is Φ(x) + x φ(x), with φ(x) = exp(-x²/2) / √(2π). If exp(x²/2) overflows to infinity, the quotient
  // is 0, which is the correct limit.
  gradient({ g, inputs: [x], outputs: [, phi] }) {
    const density = mul(div(x!, exp(mul(mul(x!, x!), 0.5))), 1 / Math.sqrt(2 * Math.PI));
    return [mul(g, add(density, phi!))];
  },
};

/** x Φ(x), where Φ is the cumulative distribution function of the standard normal distribution. */
export const gelu = (x: Tensor): Tensor => apply(geluOperator, [x], null)[0]!;

const siluOperator = define<null>({
  name: 'silu',
  infer: rowwise,
  emit: (e, [x]) => e.op('Mul', [x!, e.op('Sigmoid', [x!])]),
  gradient({ g, inputs: [x], outputs: [y] }) {
    const s = sigmoid(x!);
    return [mul(g, add(s, mul(y!, sub(1, s))))];
  },
});

/** x σ(x), where σ is the logistic function. */
export const silu = (x: Tensor): Tensor => siluOperator([x], null);

const reluSquaredOperator = define<null>({
  name: 'reluSquared',
  infer: rowwise,
  emit(e, [x]) {
    const y = e.op('Relu', [x!]);
    return e.op('Mul', [y, y]);
  },
  gradient: ({ g, inputs: [x] }) => [mul(g, mul(relu(x!), 2))],
});

/**
 * max(x, 0)² (So et al. 2021, "Primer"). It is the cheapest activation here: it needs two passes over memory forward
 * and two backward, while gelu needs five and nine.
 */
export const reluSquared = (x: Tensor): Tensor => reluSquaredOperator([x], null);

/** Scales vectors along the last axis to length 1. */
export function l2Normalize(x: Tensor, { epsilon = 1e-12 } = {}): Tensor {
  const squares = reduceSum(mul(x, x), -1, { keep: true });
  return div(x, sqrt(add(squares, epsilon)));
}
